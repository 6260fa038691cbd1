/* How Casepath's pages draw BPMN: in the ink and paper of the theme, whichever is on.

   bpmn-js writes these into style attributes, where custom properties work, so the switch needs no redraw. */

export const themedRenderer = {
  defaultFillColor: "var(--surface)",
  defaultStrokeColor: "var(--ink)",
  defaultLabelColor: "var(--ink)",
};

/** Fits the whole diagram into its canvas, never larger than life. */
export function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}
