/* One ticket's path on the diagram of its version.

   Expected markup and the trace's JSON: components/trace.html. Beside the diagram on the page may stand a
   [data-timeline] and a [data-trace-slider]; element and row under the pointer, or in focus, are lit in
   both. The slider goes through the events: at a step the diagram shows what had happened until then.

   Signals never by colour alone: visited elements are washed and, where visited more than once, counted;
   a present token is a filled dot on a thick border; what was cancelled is dashed. */

import Viewer from "bpmn-js/lib/Viewer";
import MoveCanvasModule from "diagram-js/lib/navigation/movecanvas";
import { fit, themedRenderer } from "./lib/diagram.js";
import { moddleExtensions } from "./lib/moddle.js";
import { mount } from "./lib/page.js";
import { connectTimeline } from "./lib/timeline.js";
import { stepOf, wholeOf } from "./lib/tracesteps.js";

const ROOM = { top: 16, right: 16, bottom: 48, left: 16 }; // bpmn.io's logo stands at the bottom, free of the diagram
const MARKERS = ["path-done", "path-flow", "path-now", "path-cancelled"];

mount("[data-trace]", (figure) => {
  draw(figure).catch((error) => {
    caption(figure, "The diagram could not be drawn; the list of what happened is complete without it.");
    console.warn(error);
  });
});

async function draw(figure) {
  const [xml, trace] = await Promise.all([
    load(figure.dataset.bpmnUrl).then((answer) => answer.text()),
    load(figure.dataset.traceUrl).then((answer) => answer.json()),
  ]);
  const viewer = new Viewer({
    container: figure.querySelector("[data-trace-canvas]"),
    additionalModules: [MoveCanvasModule],
    moddleExtensions,
    bpmnRenderer: themedRenderer,
  });
  await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  fit(canvas, ROOM);
  paint(viewer, wholeOf(trace));
  caption(figure, trace.version ? `${trace.process}, version ${trace.version}` : "");
  if (!figure.classList.contains("trace-mini")) {
    addZoom(figure, canvas);
    connectTimeline(viewer, trace, (step) => paint(viewer, stepOf(trace, step)));
  }
  new ResizeObserver(() => canvas.resized()).observe(figure);
  figure.dataset.ready = "";
}

async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json, application/xml" } });
  if (!answer.ok) throw new Error(`Expected ${url} to answer with 200, but it was ${answer.status}.`);
  return answer;
}

/** Shows one state of the path: {done: {id: times}, flows, now, cancelled}. */
function paint(viewer, state) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const elements = viewer.get("elementRegistry");
  overlays.clear();
  elements.forEach((element) => MARKERS.forEach((marker) => canvas.removeMarker(element, marker)));
  const mark = (ids, marker) => ids.filter((id) => elements.get(id)).forEach((id) => canvas.addMarker(id, marker));
  mark(Object.keys(state.done), "path-done");
  mark(state.flows, "path-flow");
  mark(state.cancelled, "path-cancelled");
  mark(state.now, "path-now");
  for (const id of state.now) put(viewer, id, "path-token", "", "The ticket is here", { top: -9, left: -9 });
  for (const [id, times] of Object.entries(state.done)) {
    if (times > 1) put(viewer, id, "path-count", `${times}×`, `Visited ${times} times`, { bottom: 8, right: 14 });
  }
}

function put(viewer, id, name, text, title, position) {
  const element = viewer.get("elementRegistry").get(id);
  if (!element || element.waypoints) return;
  const html = document.createElement("div");
  html.className = name;
  html.textContent = text;
  html.title = title;
  viewer.get("overlays").add(id, { position, html });
}

function addZoom(figure, canvas) {
  const tools = document.createElement("div");
  tools.className = "trace-tools";
  const add = (label, title, act) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button-small", textContent: label, title });
    button.setAttribute("aria-label", title);
    button.addEventListener("click", act);
    tools.append(button);
  };
  add("+", "Zoom in", () => canvas.zoom(canvas.zoom() * 1.25));
  add("−", "Zoom out", () => canvas.zoom(canvas.zoom() / 1.25));
  add("Fit", "Fit the diagram", () => fit(canvas, ROOM));
  figure.append(tools);
}

function caption(figure, text) {
  figure.querySelector("[data-trace-caption]").textContent = text;
}
