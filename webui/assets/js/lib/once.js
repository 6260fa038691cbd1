/* A form is sent once. From the first submit until the answer its buttons are disabled and the pressed one
   says what goes on (data-busy). The server is safe without this, by the command id in the form; this only
   spares the person the doubt. */

import { announce } from "./page.js";

const working = new Map(); // form → buttons and the words they had

export function startOnce() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:finally:request", (event) => release(event.target.closest?.("form")));
  // A page that the browser kept and shows again comes back with its buttons as they were left.
  addEventListener("pageshow", (event) => event.persisted && [...working.keys()].forEach(release));
}

function onSubmit(event) {
  const form = event.target;
  const byHtmx = form.matches("[hx-post], [hx-get], [data-hx-post], [data-hx-get]");
  if (form.method === "dialog" || (event.defaultPrevented && !byHtmx)) return;
  if (working.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const buttons = [...document.querySelectorAll("button[type=submit], button:not([type])")]
    .filter((button) => button.form === form);
  working.set(form, buttons.map((button) => [button, button.textContent]));
  // After this event, or the pressed button's own name and value would not be sent.
  setTimeout(() => show(buttons, event.submitter), 0);
}

function show(buttons, pressed) {
  for (const button of buttons) button.disabled = true;
  if (!pressed?.dataset.busy) return;
  pressed.textContent = pressed.dataset.busy;
  announce(pressed.dataset.busy);
}

function release(form) {
  for (const [button, word] of working.get(form) ?? []) {
    button.disabled = false;
    button.textContent = word;
  }
  working.delete(form);
}
