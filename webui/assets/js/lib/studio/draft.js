/* The owner's unfinished diagram, kept in this browser.

   A draft belongs to a process and to the version it was begun on. It is taken up again when the studio is
   opened, and is gone once it equals what is deployed. Where somebody has deployed another version since,
   the draft is still taken up, and the page says so: deploying it would undo their change. */

import { debounce } from "../page.js";

const KEEP_AFTER_MS = 500;

/** Returns {start}: the diagram to open. `opened` is called when another one has been put in its place. */
export function connectDraft(studio, deployed, say, opened) {
  const { root, modeler } = studio;
  const key = `casepath studio ${root.dataset.process}`;
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const found = kept && kept.xml !== deployed ? kept : null;
  if (!found) localStorage.removeItem(key);

  const state = { pending: false };
  const keep = debounce(async () => {
    const xml = await studio.xml();
    state.pending = !write(key, { xml, version: found?.version ?? root.dataset.version });
    say(state.pending ? "Not kept: this browser's store is full. Download the file." : "Draft kept in this browser, not deployed");
    showDiscard(root, true);
  }, KEEP_AFTER_MS);
  modeler.on("commandStack.changed", () => {
    state.pending = true;
    keep();
  });
  addEventListener("beforeunload", (event) => state.pending && event.preventDefault());
  connectDiscard({ studio, key, deployed, say, state, opened });

  say(found ? opening(found, root.dataset.version) : "As deployed");
  showDiscard(root, Boolean(found));
  return { start: found?.xml ?? deployed };
}

function opening(found, version) {
  if (found.version === version) return "Your draft, not deployed";
  return `Your draft of version ${found.version}; version ${version} is deployed since, and deploying this would replace it`;
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch (error) {
    if (error.name === "QuotaExceededError") return false;
    throw error;
  }
}

function connectDiscard({ studio, key, deployed, say, state, opened }) {
  const button = studio.root.querySelector("[data-studio-discard]");
  let discarded = null;
  button.addEventListener("click", async () => {
    const back = discarded;
    discarded = back ? null : await studio.xml();
    await studio.modeler.importXML(back ?? deployed);
    opened();
    state.pending = false;
    if (back) write(key, { xml: back, version: studio.root.dataset.version });
    else localStorage.removeItem(key);
    say(back ? "Your draft, not deployed" : "As deployed; your draft is set aside until you leave");
    button.textContent = back ? "Discard draft" : "Bring draft back";
  });
  studio.modeler.on("commandStack.changed", () => {
    discarded = null;
    button.textContent = "Discard draft";
  });
}

function showDiscard(root, shown) {
  root.querySelector("[data-studio-discard]").hidden = !shown;
}
