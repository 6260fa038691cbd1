/* What a diagram may carry beyond BPMN: Camunda 8's zeebe attributes, and the few of Casepath's own.

   casepath:state     the ticket's state when the element is entered
   casepath:goal      the SLA goal that a timer is bound to
   casepath:template  the message template of a send task
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
  ],
};

export const moddleExtensions = { zeebe, casepath };
