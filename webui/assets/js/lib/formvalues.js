/* Between the values of a form-js form and the inputs of an HTML form; the contract stands in ../form.js. */

const LISTS = new Set(["checklist", "taglist"]);

/** Names and texts under which `data` is posted. */
export function inputsOf(data, path = "") {
  return Object.entries(data).flatMap(([key, value]) => inputs(path ? `${path}.${key}` : key, value));
}

function inputs(path, value) {
  if (value === null || value === undefined || value === "") return [[`field:${path}`, ""]];
  if (Array.isArray(value)) return listInputs(path, value);
  if (typeof value === "object") return inputsOf(value, path);
  return [[`field:${path}`, String(value)]];
}

function listInputs(path, list) {
  if (list.some((item) => typeof item === "object")) return [[`field-json:${path}`, JSON.stringify(list)]];
  return list.length ? list.map((item) => [`field:${path}`, String(item)]) : [[`field:${path}`, ""]];
}

/** `data` with what stands in the plain inputs laid over it: a restored draft, or what the server refused. */
export function plainData(schema, data, plain) {
  const result = structuredClone(data);
  for (const { path, component } of keyed(schema.components ?? [])) {
    const controls = [...plain.querySelectorAll(`[name="field:${CSS.escape(path)}"]`)];
    if (controls.length) set(result, path, read(component, controls));
  }
  return result;
}

function keyed(components, under = "") {
  return components.flatMap((component) => {
    const path = component.path ? `${under}${component.path}.` : under;
    if (component.type === "dynamiclist") return [];
    if (component.components) return keyed(component.components, path);
    return component.key ? [{ path: `${under}${component.key}`, component }] : [];
  });
}

function read(component, controls) {
  if (component.type === "checkbox") return controls.some((control) => control.checked);
  const texts = controls.flatMap(chosen).filter((text) => text !== "");
  if (LISTS.has(component.type)) return texts;
  if (!texts.length) return null;
  return component.type === "number" && !component.serializeToString ? Number(texts[0]) : texts[0];
}

function chosen(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked ? [control.value] : [];
  if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

function set(target, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) target = target[key] ??= {};
  target[last] = value;
}
