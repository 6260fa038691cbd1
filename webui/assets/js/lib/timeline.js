/* Binds the timeline's rows, the slider and the diagram to each other. */

/** `view` says which sheet is shown (`at`) and after which event (`until`); `repaint()` draws it so. */
export function connectTimeline(viewer, trace, view, repaint) {
  const timeline = document.querySelector("[data-timeline]");
  const rows = timeline ? [...timeline.querySelectorAll("[data-seq]")] : [];
  const idsOf = (row) => idsOn(trace, view.at, row);
  lightFromRows(viewer, rows, idsOf);
  lightFromDiagram(viewer, rows, idsOf);
  if (timeline) moveByArrows(timeline, rows);
  connectSlider(trace, rows, (until) => {
    view.until = until;
    repaint();
  });
}

/** What a row is about on the sheet `at`: its elements, or the call that leads to where they are. */
function idsOn(trace, at, row) {
  let sheet = trace.sheets.find((it) => it.at === row.dataset.sheet);
  if (sheet?.at === at) return row.dataset.elements.split(" ").filter(Boolean);
  while (sheet?.at && sheet.parent !== at) sheet = trace.sheets.find((it) => it.at === sheet.parent);
  return sheet?.at ? [sheet.element] : [];
}

function lightFromRows(viewer, rows, idsOf) {
  const canvas = viewer.get("canvas");
  const known = viewer.get("elementRegistry");
  const light = (row, on) => {
    row.classList.toggle("lit", on);
    for (const id of idsOf(row).filter((id) => known.get(id))) canvas[on ? "addMarker" : "removeMarker"](id, "lit");
  };
  for (const row of rows) {
    row.tabIndex = -1;
    for (const [type, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) {
      row.addEventListener(type, () => light(row, on));
    }
  }
}

function lightFromDiagram(viewer, rows, idsOf) {
  const canvas = viewer.get("canvas");
  const about = (id) => rows.filter((row) => idsOf(row).includes(id));
  const light = ({ element }, on) => {
    const found = about(element.id);
    if (!found.length) return;
    canvas[on ? "addMarker" : "removeMarker"](element, "lit");
    for (const row of found) row.classList.toggle("lit", on);
    if (on) found[0].scrollIntoView({ block: "nearest" });
  };
  viewer.on("element.hover", (event) => light(event, true));
  viewer.on("element.out", (event) => light(event, false));
  viewer.on("element.click", ({ element }) => about(element.id)[0]?.focus());
}

function moveByArrows(timeline, rows) {
  timeline.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const next = rows[Math.min(Math.max(rows.indexOf(document.activeElement) + step, 0), rows.length - 1)];
    next?.focus();
    event.preventDefault();
  });
}

function connectSlider(trace, rows, show) {
  const box = document.querySelector("[data-trace-slider]");
  if (!box || !trace.events.length) return;
  const range = box.querySelector("input");
  const output = box.querySelector("output");
  range.max = trace.events.length;
  range.value = range.max;
  const go = () => {
    const event = trace.events[range.value - 1];
    const text = `${range.value} of ${range.max} · ${event.text}`;
    output.textContent = text;
    range.setAttribute("aria-valuetext", text);
    rows.forEach((row) => row.classList.toggle("later", Number(row.dataset.seq) > event.seq));
    show(range.value - 1);
  };
  range.addEventListener("input", () => {
    go();
    rows.find((row) => Number(row.dataset.seq) === trace.events[range.value - 1].seq)?.scrollIntoView({ block: "nearest" });
  });
  box.hidden = false;
  go();
}
