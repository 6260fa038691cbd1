/* The group "Casepath" of the properties panel: the few attributes that Camunda's BPMN lacks (../moddle.js).

   Where the pack says which states, goals or templates there are, one chooses; else one types. A value that
   the pack does not know stays visible and can be kept: a diagram is never changed by looking at it. */

import {
  SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited,
} from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useService } from "bpmn-js-properties-panel";
import { moments, timerOf } from "./moments.js";
import { repetition } from "./repetition.js";

const isTimer = (business) => Boolean(timerOf(business));
const isSend = (business) => business.$type === "bpmn:SendTask";

const isWork = (business) => business.$type === "bpmn:UserTask";

const isService = (business) => business.$type === "bpmn:ServiceTask";

const isCatch = (business) =>
  business.$type === "bpmn:ReceiveTask" ||
  (business.$instanceOf("bpmn:CatchEvent") && business.eventDefinitions?.[0]?.$type === "bpmn:MessageEventDefinition");

const isAction = (business) => isCatch(business) && Boolean(business.get("action"));

const ENTRIES = [
  { name: "state", choices: "states", label: "Ticket state on entry", fits: () => true },
  { name: "goal", choices: "goals", label: "Timer follows goal", fits: isTimer },
  { name: "template", choices: "templates", label: "Message template", fits: isSend },
  { name: "skills", label: 'Skills wanted (=["network"], or null)', fits: isWork },
  { name: "backOff", label: "Pauses before further tries (PT10S,PT1M)", fits: isService },
  { name: "timeOut", label: "Longest time for one try (PT30S)", fits: isService },
  { name: "action", label: "Button on the ticket page", fits: isCatch },
  { name: "actionForm", choices: "forms", label: "Form of the button", fits: isAction },
  { name: "actionGroups", label: "Who may press it (queues, roles, lead, customer)", fits: isAction },
  { name: "actionPreview", label: "What will come of it (FEEL)", fits: isAction },
  { name: "actionUntil", label: "Possible until (an element's id)", fits: isAction },
];

class CasepathProvider {
  constructor(propertiesPanel, choices) {
    this.choices = choices ?? {};
    propertiesPanel.registerProvider(400, this);
  }

  getGroups(element) {
    return (groups) => {
      const business = element.businessObject;
      if (element.labelTarget || !business?.$instanceOf?.("bpmn:FlowNode")) return groups;
      const entries = ENTRIES.filter((entry) => entry.fits(business)).map((entry) => this.entry(entry));
      const before = groups.findLastIndex((group) => group.id === "timer" || group.id === "general");
      const ours = [moments(element, this.choices.timerUrl), { id: "casepath", label: "Casepath", entries }, repetition(element)];
      return groups.toSpliced(before + 1, 0, ...ours.filter(Boolean));
    };
  }

  entry({ name, label, choices }) {
    const options = this.choices[choices] ?? [];
    return {
      id: `casepath-${name}`,
      component: options.length ? Choice : Text,
      isEdited: options.length ? isSelectEntryEdited : isTextFieldEntryEdited,
      name: `casepath:${name}`,
      label,
      options,
    };
  }
}

CasepathProvider.$inject = ["propertiesPanel", "config.casepathPanel"];

function useAttribute({ element, name }) {
  const modeling = useService("modeling");
  return {
    getValue: () => element.businessObject.get(name) ?? "",
    setValue: (value) => modeling.updateProperties(element, { [name]: value || undefined }),
  };
}

function Choice(props) {
  const attribute = useAttribute(props);
  const known = props.options.map(({ value, label }) => ({ value, label: label ?? value }));
  const now = attribute.getValue();
  const unknown = now && !known.some(({ value }) => value === now) ? [{ value: now, label: `${now} (not in the pack)` }] : [];
  const getOptions = () => [{ value: "", label: "(unchanged)" }, ...known, ...unknown];
  return jsx(SelectEntry, { ...attribute, element: props.element, id: props.id, label: props.label, getOptions });
}

function Text(props) {
  const debounce = useService("debounceInput");
  return jsx(TextFieldEntry, { ...useAttribute(props), element: props.element, id: props.id, label: props.label, debounce });
}

export const casepathPanelModule = {
  __init__: ["casepathProvider"],
  casepathProvider: ["type", CasepathProvider],
};
