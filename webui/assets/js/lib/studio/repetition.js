/* The group "Repetition" of the properties panel: what BPMN says of loops and Camunda's panel leaves out.

   A standard loop has a condition, a limit and when it is asked; an activity done for several items may say how
   many instead of naming a collection. Expressions are FEEL, as everywhere. */

import {
  CheckboxEntry, TextFieldEntry, isCheckboxEntryEdited, isTextFieldEntryEdited,
} from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useService } from "bpmn-js-properties-panel";

const ENTRIES = {
  "bpmn:StandardLoopCharacteristics": [
    { name: "loopCondition", label: "Again as long as", component: Expression },
    { name: "loopMaximum", label: "At most so many rounds", component: Whole },
    { name: "testBefore", label: "Ask before each round, not after it", component: Flag },
  ],
  "bpmn:MultiInstanceLoopCharacteristics": [
    { name: "loopCardinality", label: "How many, where there is no collection", component: Expression },
  ],
};

/** The group for an element, or null for one that is done once. */
export function repetition(element) {
  const entries = ENTRIES[loopOf(element)?.$type];
  return entries ? { id: "casepath-repetition", label: "Repetition", entries: entries.map(entry) } : null;
}

const loopOf = (element) => element.businessObject.loopCharacteristics;

const entry = (it) => ({
  ...it,
  id: `casepath-${it.name}`,
  isEdited: it.component === Flag ? isCheckboxEntryEdited : isTextFieldEntryEdited,
});

function useLoop({ element, name }) {
  const modeling = useService("modeling");
  const loop = loopOf(element);
  return {
    value: loop.get(name),
    set: (value) => modeling.updateModdleProperties(element, loop, { [name]: value }),
  };
}

function Expression(props) {
  const loop = useLoop(props);
  const factory = useService("bpmnFactory");
  const make = (body) => Object.assign(factory.create("bpmn:FormalExpression", { body }), { $parent: loopOf(props.element) });
  return text(props, () => loop.value?.body ?? "", (body) => loop.set(body ? make(body) : undefined));
}

function Whole(props) {
  const loop = useLoop(props);
  const wrong = (value) => (!value || /^[0-9]+$/.test(value) ? null : "Expected a whole number.");
  const get = () => (loop.value === undefined ? "" : String(loop.value));
  return text(props, get, (value) => wrong(value) || loop.set(value ? Number(value) : undefined), wrong);
}

function Flag({ element, name, id, label }) {
  const loop = useLoop({ element, name });
  return jsx(CheckboxEntry, { element, id, label, getValue: () => Boolean(loop.value), setValue: loop.set });
}

function text({ element, id, label }, getValue, setValue, validate) {
  return jsx(TextFieldEntry, { element, id, label, getValue, setValue, validate, debounce: useService("debounceInput") });
}
