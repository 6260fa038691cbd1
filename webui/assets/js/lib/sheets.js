/* The way through the sheets of a trace: back to the caller above the diagram, what is called from it below.

   Each sheet has an address (?at=…) and is opened by any link [data-trace-open] of the page, by the browser's own
   back and forward, and by the button on its call activity. */

import { announce } from "./page.js";
import { isHere } from "./tracesteps.js";

const MOST_SHOWN = 8;

/** Draws the links of the sheet `at` into the figure. */
export function drawWay(figure, trace, at) {
  const above = figure.querySelector("[data-trace-way]");
  const below = figure.querySelector("[data-trace-calls]");
  const sheet = sheetAt(trace, at);
  above.hidden = !at;
  above.replaceChildren(...(at ? [listOf(crumbs(trace, sheet))] : []));
  const calls = callsFrom(trace, at);
  below.hidden = !calls.length;
  below.replaceChildren(...(calls.length ? callsList(trace, calls) : []));
}

/** The sheets that are called from the sheet `at`; of many, those where the ticket is now come first. */
export function callsFrom(trace, at) {
  const calls = trace.sheets.filter((sheet) => sheet.at && sheet.parent === at);
  if (calls.length <= MOST_SHOWN) return calls;
  const here = new Set(calls.filter((sheet) => isHere(trace, sheet.at)));
  return [...calls.filter((it) => here.has(it)), ...calls.filter((it) => !here.has(it))];
}

export function sheetAt(trace, at) {
  return trace.sheets.find((sheet) => sheet.at === at);
}

/** Lets links open sheets in place; `show(at)` draws one and resolves once it is there. */
export function connectWay(figure, trace, show) {
  const known = (at) => (sheetAt(trace, at) ? at : "");
  const open = async (at, back) => {
    await show(at);
    focusAfter(figure, trace, at, back);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-trace-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const at = known(link.dataset.traceOpen);
    const from = figure.dataset.at;
    if (at !== from) history.pushState({ at }, "", addressOf(at));
    open(at, from.startsWith(at) && from);
  });
  window.addEventListener("popstate", () => open(known(askedFor()), figure.dataset.at));
  return show(known(askedFor()));
}

export function addressOf(at) {
  const url = new URL(location.href);
  if (at) url.searchParams.set("at", at);
  else url.searchParams.delete("at");
  return url.pathname + url.search;
}

const askedFor = () => new URL(location.href).searchParams.get("at") ?? "";

/** Going in, focus lands above the diagram; coming back, at the call that one came from. */
function focusAfter(figure, trace, at, back) {
  const came = back && figure.querySelector(`[data-trace-calls] [data-trace-open="${CSS.escape(back)}"]`);
  const target = came || figure.querySelector("[data-trace-way] [aria-current]") || figure;
  if (target === figure) figure.tabIndex = -1;
  target.focus();
  announce(`Diagram of ${nameOf(sheetAt(trace, at))}`);
}

const nameOf = (sheet) => [`${sheet.title}, version ${sheet.version}`, sheet.where].filter(Boolean).join(", called at ");

function crumbs(trace, sheet) {
  const items = [];
  for (let it = sheet; it; it = it.at ? sheetAt(trace, it.parent) : null) items.unshift(it);
  return items.map((it) => {
    if (it !== sheet) return linkTo(it.at, it.at ? it.where : it.title, it.at === sheet.parent && ["b", "Back to where it was called"]);
    const here = document.createElement("strong");
    here.setAttribute("aria-current", "true");
    here.tabIndex = -1;
    here.textContent = it.where;
    return here;
  });
}

function callsList(trace, calls) {
  const title = document.createElement("h3");
  title.textContent = "Called from here";
  const items = calls.map((sheet, number) => {
    const link = linkTo(sheet.at, sheet.where, number === 0 && ["p", "Open the called process"]);
    const about = document.createElement("span");
    about.className = "soft";
    about.textContent = ` ${sheet.title}, version ${sheet.version}${isHere(trace, sheet.at) ? " · the ticket is here" : ""}`;
    return [link, about];
  });
  const parts = [title, listOf(items.slice(0, MOST_SHOWN))];
  if (items.length > MOST_SHOWN) parts.push(folded(items.slice(MOST_SHOWN)));
  return parts;
}

function folded(items) {
  const box = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `${items.length} more`;
  box.append(summary, listOf(items));
  return box;
}

function linkTo(at, text, key) {
  const link = document.createElement("a");
  link.href = addressOf(at);
  link.dataset.traceOpen = at;
  link.textContent = text;
  if (key) {
    [link.dataset.key, link.dataset.keyLabel] = key;
    link.setAttribute("aria-keyshortcuts", key[0]);
  }
  return link;
}

function listOf(items) {
  const list = document.createElement("ol");
  for (const item of items) {
    const row = document.createElement("li");
    row.append(...[item].flat());
    list.append(row);
  }
  return list;
}
