/* The studio: Camunda's modeler for the web, with findings and deployment.

   Expected markup (templates/studio/edit.html makes it):

     <div data-studio data-own-keys data-process="key" data-version="7" data-file="intake.bpmn"
          data-bpmn-url="…" data-lint-url="…" data-timer-url="…">
       [data-studio-canvas] [data-studio-panel]     what fills the page
       [data-studio-elements]                       select that goes to an element: the way in by keyboard
       [data-studio-check] [data-studio-download]   buttons
       form[data-studio-deploy]                     posts the diagram as the field `bpmn` and leads to a page
       [data-studio-findings]                       list below; [data-studio-count] says how many
       [data-studio-state] [data-studio-discard]    how the draft stands, and the way back to what is deployed
       <script type="application/json" data-studio-choices>  {states, goals, templates: [{value, label}]}
     </div>

   The lint address takes the diagram as application/xml and answers {"findings": [{rule, severity, element, line,
   message, remedy, way}]}; element and line may be null, and way, the ids that lead there, empty. What the timer
   address takes and answers is told in lib/studio/moments.js. */

import Modeler from "camunda-bpmn-js/lib/camunda-cloud/Modeler";
import { fit, themedRenderer } from "./lib/diagram.js";
import { goalMarksModule } from "./lib/goalmarks.js";
import { moddleExtensions } from "./lib/moddle.js";
import { debounce, jsonIn, mount, post } from "./lib/page.js";
import { casepathPanelModule } from "./lib/studio/casepathpanel.js";
import { connectDraft } from "./lib/studio/draft.js";
import { connectElements } from "./lib/studio/elements.js";
import { showFindings } from "./lib/studio/findings.js";
import { MOMENTS } from "./lib/studio/moments.js";

const CHECK_AFTER_MS = 900;
const ROOM = { top: 24, right: 24, bottom: 48, left: 128 }; // the palette stands left, bpmn.io's logo below

mount("[data-studio]", (root) => {
  open(root).catch((error) => say(root, `The diagram could not be opened: ${error.message}`));
});

async function open(root) {
  const deployed = await load(root.dataset.bpmnUrl);
  const modeler = newModeler(root);
  const studio = { root, modeler, xml: async () => (await modeler.saveXML({ format: true })).xml };
  const draft = connectDraft(studio, deployed, (text) => say(root, text), () => fit(modeler.get("canvas"), ROOM));
  await modeler.importXML(draft.start);
  fit(modeler.get("canvas"), ROOM);
  connectElements(studio);
  const check = () => checkNow(studio);
  modeler.on("commandStack.changed", debounce(check, CHECK_AFTER_MS));
  root.querySelector("[data-studio-check]").addEventListener("click", check);
  root.querySelector("[data-studio-download]").addEventListener("click", () => download(studio));
  connectDeploy(studio);
  for (const element of root.querySelectorAll("[data-studio-needs-script]")) element.hidden = false;
  root.dataset.ready = "";
  await check();
}

function newModeler(root) {
  return new Modeler({
    container: root.querySelector("[data-studio-canvas]"),
    propertiesPanel: {
      parent: root.querySelector("[data-studio-panel]"),
      // What an owner changes most stands open.
      layout: { open: true, groups: { general: { open: true }, timer: { open: true }, [MOMENTS]: { open: true }, casepath: { open: true } } },
    },
    additionalModules: [casepathPanelModule, goalMarksModule],
    casepathPanel: { ...jsonIn(root, "[data-studio-choices]", {}), timerUrl: root.dataset.timerUrl },
    moddleExtensions: { casepath: moddleExtensions.casepath },
    bpmnRenderer: themedRenderer,
    elementTemplateChooser: false,
    // Saving would otherwise move the whole diagram to the origin, and every coordinate would count as changed.
    disableAdjustOrigin: true,
  });
}

async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml" } });
  if (!answer.ok) throw new Error(`expected ${url} to answer with 200, but it was ${answer.status}`);
  return answer.text();
}

async function checkNow(studio) {
  const { root } = studio;
  const asked = (studio.asked ?? 0) + 1;
  studio.asked = asked;
  const count = root.querySelector("[data-studio-count]");
  try {
    const answer = await post(root.dataset.lintUrl, await studio.xml(), { "Content-Type": "application/xml" });
    const { findings } = await answer.json();
    if (asked === studio.asked) showFindings(studio, findings); // an older answer must not overwrite a newer one
  } catch (error) {
    count.textContent = "not checked: the server did not answer";
    console.warn(error);
  }
}

async function download({ root, xml }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await xml()], { type: "application/xml" }));
  link.download = root.dataset.file;
  link.click();
  URL.revokeObjectURL(link.href);
}

function connectDeploy({ root, xml }) {
  const form = root.querySelector("form[data-studio-deploy]");
  const field = form.elements.namedItem("bpmn");
  let written = false;
  form.addEventListener("submit", async (event) => {
    if (written) {
      written = false; // a page that the browser brings back writes the diagram anew
      return;
    }
    event.preventDefault();
    field.value = await xml();
    written = true;
    // Not within this very event, where a browser ignores it: writing the diagram may have taken no time at all.
    setTimeout(() => form.requestSubmit(event.submitter), 0);
  });
}

function say(root, text) {
  root.querySelector("[data-studio-state]").textContent = text;
}
