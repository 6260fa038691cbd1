/* What a diagram may carry beyond BPMN: Camunda 8's zeebe attributes, and the few of Casepath's own.

   casepath:state     the ticket's state when the element is entered
   casepath:goal      the goal whose moment a timer waits for
   casepath:template  the message template of a send task
   casepath:backOff   how long a service waits before each further try (ISO 8601, several with commas between)
   casepath:timeOut   how long one try of a service may take
   casepath:action…   the button by which people send a message, its form, groups, preview and end
   casepath:skills    what somebody must be able to do for a user task (FEEL: a list of skills, or null)
   The namespace's address is part of every stored diagram and never changes. */

import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

const attribute = (name) => ({ name, isAttr: true, type: "String" });

const casepath = {
  name: "Casepath",
  uri: "https://casepath.dev/bpmn/1",
  prefix: "casepath",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Step",
      extends: ["bpmn:FlowNode"],
      properties: [attribute("state"), attribute("goal"), attribute("template")],
    },
    {
      name: "Work",
      extends: ["bpmn:UserTask"],
      properties: [attribute("skills")],
    },
    {
      name: "Call",
      extends: ["bpmn:ServiceTask"],
      properties: [attribute("backOff"), attribute("timeOut")],
    },
    {
      name: "Catch",
      extends: ["bpmn:CatchEvent", "bpmn:ReceiveTask"],
      properties: ["action", "actionForm", "actionGroups", "actionPreview", "actionUntil"].map(attribute),
    },
  ],
};

export const moddleExtensions = { zeebe, casepath };
