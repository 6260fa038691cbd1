/* One ticket's path, on the diagram of its version and of each process that it called.

   Expected markup and the trace's JSON: components/trace.html. Beside the diagram on the page may stand a
   [data-timeline] and a [data-trace-slider]; element and row under the pointer, or in focus, are lit in
   both. The slider goes through the events: at a step the diagram shows what had happened until then.

   Signals never by colour alone: visited elements are washed and, where visited more than once, counted; a
   present token is a filled dot (with a number, where there are several) on a thick border; the flow that was
   taken last in a scope is thicker than the others; what was cancelled is dashed; an incident is a "!". */

import Viewer from "bpmn-js/lib/Viewer";
import MoveCanvasModule from "diagram-js/lib/navigation/movecanvas";
import { fit, themedRenderer } from "./lib/diagram.js";
import { goalMarksModule } from "./lib/goalmarks.js";
import { moddleExtensions } from "./lib/moddle.js";
import { mount } from "./lib/page.js";
import { paint } from "./lib/path.js";
import { callsFrom, connectWay, drawWay, sheetAt } from "./lib/sheets.js";
import { connectTimeline } from "./lib/timeline.js";
import { stateOf } from "./lib/tracesteps.js";

const ROOM = { top: 20, right: 20, bottom: 48, left: 20 }; // bpmn.io's logo stands at the bottom, free of the diagram

mount("[data-trace]", (figure) => {
  draw(figure).catch((error) => {
    caption(figure, "The diagram could not be drawn; the list of what happened is complete without it.");
    console.warn(error);
  });
});

async function draw(figure) {
  const trace = await load(figure.dataset.traceUrl).then((answer) => answer.json());
  const viewer = new Viewer({
    container: figure.querySelector("[data-trace-canvas]"),
    additionalModules: [MoveCanvasModule, goalMarksModule],
    moddleExtensions,
    bpmnRenderer: themedRenderer,
  });
  const view = { at: "", until: trace.events.length - 1 };
  const mini = figure.classList.contains("trace-mini");
  const repaint = () => paint(viewer, stateOf(trace, view.at, view.until), mini ? [] : callsFrom(trace, view.at));
  const sheets = drawer(viewer, trace);
  const show = async (at) => {
    const sheet = sheetAt(trace, at);
    await sheets(sheet);
    view.at = at;
    figure.dataset.at = at;
    caption(figure, `${sheet.title}, version ${sheet.version}`);
    drawWay(figure, trace, at);
    repaint();
  };
  await connectWay(figure, trace, show);
  if (!mini) {
    addZoom(figure, viewer.get("canvas"));
    connectTimeline(viewer, trace, view, repaint);
  }
  new ResizeObserver(() => viewer.get("canvas").resized()).observe(figure);
  figure.dataset.ready = "";
}

/** Draws sheets one at a time, in the order asked; the diagram that is there already is not drawn anew. */
function drawer(viewer, trace) {
  let drawn = null;
  let last = Promise.resolve();
  const sources = new Map();
  const source = (url) => sources.get(url) ?? sources.set(url, load(url).then((answer) => answer.text())).get(url);
  const import_ = async (sheet) => {
    if (drawn === sheet.bpmn + sheet.process) return;
    await viewer.importXML(await source(sheet.bpmn));
    const own = viewer.getDefinitions().diagrams.find((it) => it.plane.bpmnElement?.id === sheet.process);
    if (own) await viewer.open(own);
    fit(viewer.get("canvas"), ROOM);
    drawn = sheet.bpmn + sheet.process;
  };
  return (sheet) => {
    last = last.catch(() => {}).then(() => import_(sheet));
    return last;
  };
}

async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json, application/xml" } });
  if (!answer.ok) throw new Error(`Expected ${url} to answer with 200, but it was ${answer.status}.`);
  return answer;
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
  figure.querySelector("[data-trace-frame]").append(tools);
}

function caption(figure, text) {
  figure.querySelector("[data-trace-caption]").textContent = text;
}
