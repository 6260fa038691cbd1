/* Lists that are worked by keys: j and k move, enter opens, and the row's own keys press its buttons.

   Focus is on the row's link, so enter needs no code and what is read aloud is the row. The place in each
   list is remembered for the tab by the row's id and its index: coming back finds the same row, or, where
   that one is done, the row that took its place. The same holds when htmx brings a fresh list. */

import { mount, typing } from "./lib/page.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")];
const opener = (row) => row?.querySelector("[data-open]");

export function startInbox() {
  mount("[data-list]", (list) => {
    list.addEventListener("focusin", (event) => remember(list, event.target.closest("[data-row]")));
    returnTo(list);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", keepFocus);
}

function onKey(event) {
  if (typing(event)) return;
  const list = document.activeElement.closest?.("[data-list]") ?? document.querySelector("[data-list]");
  if (!list) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step) move(list, step);
  else if (!pressInRow(event.key)) return;
  event.preventDefault();
}

function move(list, step) {
  const rows = rowsOf(list);
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
  opener(rows[next])?.focus();
}

function pressInRow(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const button = document.activeElement.closest("[data-row]")?.querySelector(`[data-row-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function placeOf(list) {
  return `casepath place ${location.pathname}${location.search} ${list.id}`;
}

function remember(list, row) {
  if (!row) return;
  sessionStorage.setItem(placeOf(list), JSON.stringify({ id: row.id, index: rowsOf(list).indexOf(row) }));
}

function returnTo(list) {
  const place = JSON.parse(sessionStorage.getItem(placeOf(list)) ?? "null");
  const free = document.activeElement === document.body && !location.hash;
  if (!place || !free || document.querySelector("[data-error-summary]:not([hidden])")) return;
  const rows = rowsOf(list);
  opener(rows.find((row) => row.id === place.id) ?? rows[Math.min(place.index, rows.length - 1)])?.focus();
}

function keepFocus() {
  if (document.activeElement !== document.body) return;
  for (const list of document.querySelectorAll("[data-list]")) returnTo(list);
}
