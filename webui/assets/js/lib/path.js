/* Paints the state of a sheet onto its diagram. */

const MARKERS = ["path-done", "path-flow", "path-last", "path-now", "path-halted", "path-cancelled"];
const TYPE = "path"; // of our overlays; others are bpmn-js's own, such as the way into a collapsed sub-process

/** Shows one state, as `stateOf` gives it, and the way into what is called from here. */
export function paint(viewer, state, calls) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  viewer.get("overlays").remove({ type: TYPE });
  elements.forEach((element) => MARKERS.forEach((marker) => canvas.removeMarker(element, marker)));
  const mark = (ids, marker) => [...ids].filter((id) => elements.get(id)).forEach((id) => canvas.addMarker(id, marker));
  const now = above(state.now, 0);
  const halted = above(state.halted, 0);
  mark(state.done, "path-done");
  mark(state.flows, "path-flow");
  mark(state.last, "path-last");
  mark(state.cancelled, "path-cancelled");
  mark(now, "path-now");
  mark(halted, "path-halted");
  for (const id of now) put(viewer, id, token(state.now[id]), { top: -9, left: -9 });
  for (const id of halted) put(viewer, id, badge("path-incident", "!", "An incident is open here"), { top: -9, right: 9 });
  for (const id of above(state.visits, 1)) {
    put(viewer, id, badge("path-count", `${state.visits[id]}×`, `Visited ${state.visits[id]} times`), { bottom: 8, right: 14 });
  }
  for (const [id, sheets] of byElement(calls)) put(viewer, id, opener(sheets), { bottom: 10, left: 8 }, { min: 1 });
}

const above = (counts, least) => Object.keys(counts).filter((id) => counts[id] > least);

const token = (tokens) => badge(
  "path-token", tokens > 1 ? String(tokens) : "", tokens > 1 ? `The ticket is here ${tokens} times` : "The ticket is here",
);

function badge(name, text, title) {
  const html = document.createElement("div");
  html.className = name;
  html.textContent = text;
  html.title = title;
  return html;
}

function opener(sheets) {
  const button = document.createElement("button");
  const title = sheets.length > 1
    ? `Open ${sheets[0].title} (${sheets.length} calls are listed below the diagram)` : `Open ${sheets[0].title}`;
  Object.assign(button, { type: "button", className: "path-open", textContent: "Open", title });
  button.setAttribute("aria-label", title);
  button.dataset.traceOpen = sheets[0].at;
  return button;
}

function byElement(calls) {
  const found = new Map();
  for (const sheet of calls) found.set(sheet.element, [...(found.get(sheet.element) ?? []), sheet]);
  return found;
}

// Signs stay large enough to be seen on a diagram that is drawn small.
function put(viewer, id, html, position, scale = { min: 0.75 }) {
  const element = viewer.get("elementRegistry").get(id);
  if (element && !element.waypoints) viewer.get("overlays").add(id, TYPE, { position, html, scale });
}
