/* What the check found: a list below, and a badge at each element. A letter and a word stand beside the colour. */

import { announce } from "../page.js";
import { goTo } from "./elements.js";

const SEVERITIES = { error: "Error", warning: "Warning" };
const OVERLAY = "casepath-finding";

export function showFindings({ root, modeler }, findings) {
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  root.querySelector("[data-studio-findings]").replaceChildren(...sorted.map((finding) => row(modeler, finding)));
  const count = root.querySelector("[data-studio-count]");
  count.textContent = inWords(findings);
  announce(`Checked: ${count.textContent}`);
  badge(modeler, sorted);
}

const rank = (finding) => Object.keys(SEVERITIES).indexOf(finding.severity);

function inWords(findings) {
  if (!findings.length) return "nothing found";
  return Object.entries(SEVERITIES)
    .map(([severity, word]) => [findings.filter((finding) => finding.severity === severity).length, word.toLowerCase()])
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}${n > 1 ? "s" : ""}`)
    .join(", ");
}

function row(modeler, finding) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = `finding finding-${finding.severity}`;
  button.append(
    part("strong", SEVERITIES[finding.severity] ?? finding.severity),
    part("span", finding.message),
    part("small", [finding.remedy, finding.line && `line ${finding.line}`, finding.rule].filter(Boolean).join(" · ")),
  );
  if (finding.way) button.append(part("small", finding.way));
  button.addEventListener("click", () => goTo(modeler, finding.element));
  item.append(button);
  return item;
}

function part(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function badge(modeler, findings) {
  const overlays = modeler.get("overlays");
  const elements = modeler.get("elementRegistry");
  overlays.remove({ type: OVERLAY });
  const canvasRoot = modeler.get("canvas").getRootElement();
  for (const [id, list] of Object.entries(Object.groupBy(findings, (finding) => finding.element ?? ""))) {
    const element = elements.get(id);
    if (!element || element === canvasRoot) continue;
    const html = part("div", list[0].severity === "error" ? "!" : "?");
    html.className = `finding-badge finding-${list[0].severity}`;
    html.title = list.map((finding) => finding.message).join("\n");
    overlays.add(element, OVERLAY, { position: { top: -10, left: -10 }, html });
  }
}
