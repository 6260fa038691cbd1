/* Single keys, and the list of them under "?".

   The list is read from the page at the moment it is opened, so it can't promise a key that isn't there.
   Single keys can be switched off (WCAG 2.1.4): they get in the way of speech input. */

import { typing } from "./page.js";

const PREFIX_MS = 1500;
let goUntil = 0;

export function startKeys() {
  const dialog = document.getElementById("keys");
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => open(dialog));
  }
  const on = dialog?.querySelector("[data-keys-on]");
  if (on) {
    on.checked = localStorage.getItem("casepath keys") !== "off";
    on.addEventListener("change", () => localStorage.setItem("casepath keys", on.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => onKey(event, dialog));
}

function onKey(event, dialog) {
  if (typing(event)) return;
  const going = event.timeStamp < goUntil;
  goUntil = 0;
  if (event.key === "?") open(dialog);
  else if (going && press(find("go", event.key))) { /* gone */ }
  else if (event.key === "g") goUntil = event.timeStamp + PREFIX_MS;
  else if (!press(find("key", event.key))) return;
  event.preventDefault();
}

function find(kind, key) {
  return [...document.querySelectorAll(`[data-${kind}]`)].find((element) => element.dataset[kind] === key);
}

function press(element) {
  if (!element || element.disabled) return false;
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

function open(dialog) {
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("[data-keys-list]");
  list.replaceChildren(...keysOfPage().flatMap(([keys, label]) => {
    const term = document.createElement("dt");
    for (const key of keys) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap, " ");
    }
    const what = document.createElement("dd");
    what.textContent = label;
    return [term, what];
  }));
  dialog.showModal();
}

function keysOfPage() {
  const found = new Map([["?", [["?"], "This list"]]]);
  const add = (keys, label) => found.has(keys.join(" ")) || found.set(keys.join(" "), [keys, label]);
  if (document.querySelector("[data-list]")) {
    add(["j"], "Next row");
    add(["k"], "Previous row");
    add(["Enter"], "Open the row");
  }
  for (const element of document.querySelectorAll("[data-row-key]")) {
    add([element.dataset.rowKey], element.dataset.keyLabel ?? `${text(element)} the row`);
  }
  for (const element of document.querySelectorAll("[data-key]")) add([element.dataset.key], text(element));
  for (const element of document.querySelectorAll("[data-go]")) add(["g", element.dataset.go], `Go to ${text(element)}`);
  return [...found.values()];
}

function text(element) {
  return element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? (element.querySelector("span") ?? element).textContent.trim();
}
