/* Small things that every module asks of the page. */

/** Runs `start(element)` once for each element that matches, now and whenever htmx brings new ones. */
export function mount(selector, start) {
  const seen = new WeakSet();
  const scan = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (seen.has(element)) continue;
      seen.add(element);
      start(element);
    }
  };
  scan();
  document.addEventListener("htmx:after:swap", scan);
}

/** Whether single keys are off for this key press: in a field, in a dialog, with a modifier, or by choice. */
export function typing(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return true;
  if (localStorage.getItem("casepath keys") === "off") return true;
  const at = event.target;
  return at.isContentEditable || Boolean(at.closest?.(
    "input:not([type=checkbox], [type=radio]), select, textarea, dialog, [data-own-keys]",
  ));
}

/** Says a short text to screen readers. */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** POSTs `body` with the session's token; raises unless the answer is a success of this very address.

    A redirect counts as failure: it is the log-in page, and what was sent has not been kept. */
export async function post(url, body, headers = {}) {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "X-CSRF-Token": csrfToken(), Accept: "application/json", ...headers },
    redirect: "error",
  });
  if (!answer.ok) throw new Error(`Expected ${url} to keep what was sent, but it answered ${answer.status}.`);
  return answer;
}

/** The JSON of a <script type="application/json"> inside `root`, or `otherwise` where there is none. */
export function jsonIn(root, selector, otherwise) {
  const element = root.querySelector(selector);
  return element ? JSON.parse(element.textContent) : otherwise;
}

/** `task` once no call has come for `wait` ms; `.now()` runs what is waiting at once. */
export function debounce(task, wait) {
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = null; task(); }, wait);
  };
  later.now = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    task();
  };
  return later;
}
