/* How Casepath's pages draw BPMN: in the ink and paper of the theme, whichever is on.

   bpmn-js writes these into style attributes, where custom properties work, so the switch needs no redraw. */

export const themedRenderer = {
  defaultFillColor: "var(--surface)",
  defaultStrokeColor: "var(--ink)",
  defaultLabelColor: "var(--ink)",
};

/** Fits the whole diagram into its canvas, never larger than life, with `room` pixels left free on each side. */
export function fit(canvas, room) {
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - room.left - room.right;
  const height = outer.height - room.top - room.bottom;
  const scale = Math.min(1, width / inner.width, height / inner.height);
  if (!(scale > 0)) return; // nothing drawn, or the canvas is not laid out
  canvas.viewbox({
    x: inner.x + inner.width / 2 - (room.left + width / 2) / scale,
    y: inner.y + inner.height / 2 - (room.top + height / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}
