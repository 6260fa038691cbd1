/* Binds the timeline's rows, the slider and the diagram to each other. */

/** `show(index)` draws the path after the event of that index. */
export function connectTimeline(viewer, trace, show) {
  const timeline = document.querySelector("[data-timeline]");
  const rows = timeline ? [...timeline.querySelectorAll("[data-seq]")] : [];
  lightFromRows(viewer, rows);
  lightFromDiagram(viewer, rows);
  if (timeline) moveByArrows(timeline, rows);
  connectSlider(trace, rows, show);
}

const idsOf = (row) => (row.dataset.elements ?? "").split(" ").filter(Boolean);

function lightFromRows(viewer, rows) {
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

function lightFromDiagram(viewer, rows) {
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
    const index = Number(range.value) - 1;
    const event = trace.events[index];
    const text = `${range.value} of ${range.max} · ${event.text}`;
    output.textContent = text;
    range.setAttribute("aria-valuetext", text);
    rows.forEach((row) => row.classList.toggle("later", Number(row.dataset.seq) > event.seq));
    show(index);
  };
  range.addEventListener("input", () => {
    go();
    rows.find((row) => Number(row.dataset.seq) === trace.events[range.value - 1].seq)?.scrollIntoView({ block: "nearest" });
  });
  box.hidden = false;
  go();
}
