/* A list of all elements but nameless flows, as a select: the way to an element by keyboard and by ear.

   Choosing one selects it on the canvas and shows it; its properties are the next stop of the tab key. */

export function connectElements({ root, modeler }) {
  const select = root.querySelector("[data-studio-elements]");
  if (!select) return;
  const fill = () => fillWith(select, modeler);
  modeler.on("import.done", fill);
  modeler.on("commandStack.changed", fill);
  modeler.on("selection.changed", ({ newSelection }) => {
    select.value = newSelection.length === 1 ? newSelection[0].id : "";
  });
  select.addEventListener("change", () => goTo(modeler, select.value));
  fill();
}

/** Selects the element with this id and brings it into sight; an unknown or empty id selects nothing. */
export function goTo(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  const canvas = modeler.get("canvas");
  modeler.get("selection").select(element && element !== canvas.getRootElement() ? element : null);
  if (element && element !== canvas.getRootElement()) canvas.scrollToElement(element, 80);
  return Boolean(element);
}

function fillWith(select, modeler) {
  const chosen = select.value;
  const options = modeler.get("elementRegistry")
    .filter((element) => !element.labelTarget && element.parent && !element.isImplicit)
    .filter((element) => !element.waypoints || element.businessObject.name)
    .map((element) => ({ id: element.id, text: describe(element.businessObject) }))
    .sort((a, b) => a.text.localeCompare(b.text));
  select.replaceChildren(new Option("Whole process", ""), ...options.map(({ id, text }) => new Option(text, id)));
  select.value = chosen;
}

const nameOf = (business) => business.name || business.id;

// Two reminders of one name are told apart by what they stand on.
function describe(business) {
  const kind = business.$type.replace("bpmn:", "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const host = business.attachedToRef ? ` on ${nameOf(business.attachedToRef)}` : "";
  return `${nameOf(business)} · ${kind}${host}`;
}
