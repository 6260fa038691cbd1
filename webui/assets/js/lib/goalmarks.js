/* Which goal a timer hangs on, written above it on the canvas: a module for every bpmn-js of ours. */

const TYPE = "goal";

class GoalMarks {
  constructor(eventBus, elementRegistry, overlays) {
    const mark = (element) => {
      const goal = goalOf(element);
      overlays.remove({ element, type: TYPE });
      if (goal) overlays.add(element, TYPE, { position: { top: -20, left: 18 }, html: html(goal) });
    };
    eventBus.on("import.done", () => elementRegistry.forEach(mark));
    eventBus.on("elements.changed", ({ elements }) => elements.filter(({ id }) => elementRegistry.get(id)).forEach(mark));
  }
}

GoalMarks.$inject = ["eventBus", "elementRegistry", "overlays"];

/** The goal of an event; a label beside one has the same business object and is no event. */
function goalOf(element) {
  if (element.labelTarget || element.waypoints || !element.parent) return "";
  return element.businessObject?.get("casepath:goal") ?? "";
}

function html(goal) {
  const mark = document.createElement("div");
  mark.className = "goal-mark";
  mark.textContent = goal.replaceAll("_", " ");
  mark.title = `Waits for a moment of the goal “${goal}”`;
  return mark;
}

export const goalMarksModule = { __init__: ["goalMarks"], goalMarks: ["type", GoalMarks] };
