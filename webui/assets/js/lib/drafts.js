/* Nothing typed is lost: a form with data-draft-url is saved while one types.

   The draft is POSTed to that address in the form's own encoding and names, with the token as X-CSRF-Token;
   any 2xx without redirect means kept. The server fills the form from it when the page is opened again.
   Where the server can't be reached, or the session has ended, the values wait in this tab and are put back
   when the form is next shown, until they have been saved or the form has been sent with success.
   [data-draft-state] in the form, or in the element around it that has [data-form], says how it stands. */

import { debounce, mount, post } from "./page.js";

const WAIT_MS = 700;
const PREFIX = "casepath draft ";
const NEVER = new Set(["csrf_token", "command_id", "revision"]);
let forgotten = false; // the person logs out: a save that is still under way must leave nothing behind

export function startDrafts() {
  mount("form[data-draft-url]", follow);
  for (const form of document.querySelectorAll("[data-forget-drafts]")) form.addEventListener("submit", forgetAll);
}

function follow(form) {
  const draft = { form, key: PREFIX + new URL(form.dataset.draftUrl, location), failed: false, sent: false };
  const save = debounce(() => send(draft), WAIT_MS);
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("focusout", () => save.now());
  form.addEventListener("submit", (event) => event.defaultPrevented || markSent(draft));
  addEventListener("pagehide", () => save.now());
  addEventListener("pageshow", () => { draft.sent = false; });
  addEventListener("beforeunload", (event) => draft.failed && event.preventDefault());
  if (putBack(draft)) save();
}

function valuesOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
}

async function send(draft) {
  const values = valuesOf(draft.form);
  try {
    await post(draft.form.dataset.draftUrl, new URLSearchParams(values));
    draft.failed = false;
    sessionStorage.removeItem(draft.key);
    say(draft, "Draft saved");
  } catch {
    // Offline, or logged out: the person goes on typing, and is told where the values are.
    if (forgotten) return;
    draft.failed = !draft.sent;
    sessionStorage.setItem(draft.key, JSON.stringify({ values, sent: draft.sent }));
    say(draft, "Not saved on the server; kept in this tab");
  }
}

function say(draft, text) {
  const around = draft.form.closest("[data-form]") ?? draft.form;
  const state = around.querySelector("[data-draft-state]");
  if (state) state.textContent = text;
}

function markSent(draft) {
  draft.failed = false;
  draft.sent = true;
  const kept = JSON.parse(sessionStorage.getItem(draft.key) ?? "null");
  if (kept) sessionStorage.setItem(draft.key, JSON.stringify({ ...kept, sent: true }));
}

function putBack({ form, key }) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (!kept) return false;
  if (kept.sent && document.querySelector(".notice-ok")) {
    sessionStorage.removeItem(key);
    return false;
  }
  for (const control of form.elements) {
    if (!control.name || NEVER.has(control.name)) continue;
    const values = kept.values.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
  return true;
}

function forgetAll() {
  forgotten = true;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
