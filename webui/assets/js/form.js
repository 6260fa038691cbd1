/* A task's form, drawn by form-js over the plain HTML form that the server rendered.

   Expected markup (components/task_form.html makes it):

     <section data-form>
       [data-error-summary]                       as components/fields.html
       <div data-form-view></div>                 form-js draws here; outside <form>, because it brings a form of its own
       <form method="post" data-draft-url="…">
         <div data-form-plain> inputs </div>      the page without a script; taken away once form-js stands
         <div data-form-values hidden></div>      what form-js holds, as hidden inputs
         buttons
       </form>
       <script type="application/json" data-form-schema>, data-form-data, data-form-errors {key: [messages]}

   Both ways post application/x-www-form-urlencoded with the same names:

     field:<path>        text, number, true/false, ISO 8601 date or time; once per chosen value for lists of plain
                         values; empty where nothing is given
     field-json:<path>   JSON text, for lists of objects (dynamic lists, tables)

   <path> is the key in dotted form (customer.name). Fields that are disabled or hidden by their condition are not sent.
   Where form-js can't draw the schema, the plain form stays as it is. */

import { Form } from "@bpmn-io/form-js-viewer";
import { jsonIn, mount } from "./lib/page.js";
import { inputsOf, plainData } from "./lib/formvalues.js";

mount("[data-form]", (section) => {
  draw(section).catch((error) => {
    section.querySelector("[data-form-view]").replaceChildren();
    console.warn("Expected form-js to draw this form, but the plain one stays:", error);
  });
});

async function draw(section) {
  const schema = jsonIn(section, "[data-form-schema]", null);
  if (!schema?.components?.length) return; // nothing to fill in
  const post = section.querySelector("form[method=post]");
  const plain = post.querySelector("[data-form-plain]");
  const values = post.querySelector("[data-form-values]");
  // Without its own debouncing: form-js would draw a field anew from what it held before, and lose what was typed since.
  const viewer = new Form({ container: section.querySelector("[data-form-view]"), debounce: false });
  await viewer.importSchema(schema, plainData(schema, jsonIn(section, "[data-form-data]", {}), plain));
  plain.remove();
  const state = { section, post, values, viewer };
  keepServerErrors(state, jsonIn(section, "[data-form-errors]", {}));
  write(state);
  listen(state);
}

function listen(state) {
  const { post, viewer, section } = state;
  let before = snapshot(state);
  viewer.on("changed", () => {
    write(state);
    const now = snapshot(state);
    if (now === before) return;
    before = now;
    post.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // Enter in a field submits the form that form-js brings; ours is the one that is sent.
  const primary = () => post.querySelector("button[type=submit]");
  section.querySelector("[data-form-view]").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    post.requestSubmit(primary());
  });
  post.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) return;
    const errors = viewer.validate();
    summarise(state, errors);
    if (Object.keys(errors).length) event.preventDefault();
  });
}

function write({ values, viewer }) {
  // The data that form-js itself would submit; its public submit() also validates, which is too early here.
  values.replaceChildren(...inputsOf(viewer._getSubmitData()).map(([name, value]) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    return input;
  }));
}

function snapshot({ values }) {
  return JSON.stringify([...values.children].map((input) => [input.name, input.value]));
}

function fieldsOf(viewer) {
  return viewer.get("formFieldRegistry").getAll();
}

/** Shows what the server refused at its field until that field is changed.

    form-js checks every filled field by itself soon after drawing it, and would take the server's word away
    where its own rules are content. */
function keepServerErrors(state, byPath) {
  const { viewer } = state;
  const refused = fieldsOf(viewer)
    .map((field) => ({ field, path: pathOf(viewer, field) }))
    .filter(({ path }) => byPath[path])
    .map(({ field, path }) => ({ id: field.id, path, messages: [byPath[path]].flat(), value: valueAt(viewer, path) }));
  if (!refused.length) return;
  const put = () => {
    const { errors } = viewer._getState();
    const gone = refused.filter((r) => valueAt(viewer, r.path) === r.value && errors[r.id] !== r.messages);
    if (gone.length) viewer._setState({ errors: { ...errors, ...Object.fromEntries(gone.map((r) => [r.id, r.messages])) } });
  };
  viewer.on("changed", put);
  put();
  summarise(state, viewer._getState().errors);
}

function pathOf(viewer, field) {
  return field.key ? viewer.get("pathRegistry").getValuePath(field).join(".") : "";
}

function valueAt(viewer, path) {
  return JSON.stringify(path.split(".").reduce((value, key) => value?.[key], viewer._getState().data));
}

function summarise({ section, viewer }, errors) {
  const summary = section.querySelector("[data-error-summary]");
  if (!summary) return;
  const items = fieldsOf(viewer).filter((field) => errors[field.id]).map((field) => item(viewer, field, errors[field.id]));
  summary.hidden = items.length === 0;
  summary.querySelector("ul").replaceChildren(...items);
  if (items.length) summary.focus();
}

function item(viewer, field, messages) {
  const link = document.createElement("a");
  link.href = `#${domId(viewer, field)}`;
  link.textContent = `${field.label ?? field.dateLabel ?? field.timeLabel ?? field.key}: ${[messages].flat(Infinity).join(" ")}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    control(viewer, field)?.focus();
  });
  const row = document.createElement("li");
  row.append(link);
  return row;
}

function domId(viewer, field) {
  return `fjs-form-${viewer._id}-${field.id}`;
}

function control(viewer, field) {
  const prefix = CSS.escape(domId(viewer, field));
  const near = document.querySelectorAll(`#${prefix}, [id^="${prefix}-"]`);
  return [...near].find((element) => element.matches("input, select, textarea, button, [tabindex]"));
}
