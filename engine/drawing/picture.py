"""Takes a PNG of a BPMN file as the product shows it: bpmn-js in a real Chromium, at twice the size."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from engine.drawing.elk import ASSETS
from engine.drawing.geometry import Box, Drawing
from engine.drawing.reading import BPMNDI, DC, Element, bounds_of, parse, way_of
from engine.errors import Unsupported

VIEWER = ASSETS / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"
MARGIN = 20
SECONDS = 60
_PAGE = """<!doctype html><meta charset="utf-8">
<style>html, body {{ margin: 0; background: white }} #canvas {{ width: {width}px; height: {height}px }}
.bjs-powered-by {{ display: none }}</style>
<div id="canvas"></div>
<script>{viewer}</script>
<script>
const viewer = new BpmnJS({{ container: "#canvas" }});
viewer.importXML({xml}).then(() => viewer.get("canvas").viewbox({viewbox}));
</script>
"""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=2",
    "--virtual-time-budget=10000",
)


def take_picture(content: bytes, target: Path) -> None:
    """Write a PNG of the first plane of a BPMN file. Raises Unsupported where there is no drawing or no Chromium."""
    box = _extent(parse(content)).grown(MARGIN)
    width, height = max(round(box.width), 600), max(round(box.height), 400)
    viewbox = {"x": box.x, "y": box.y, "width": width, "height": height}
    page = _PAGE.format(
        width=width,
        height=height,
        viewer=VIEWER.read_text("utf-8"),
        xml=json.dumps(content.decode()).replace("<", "\\u003c"),
        viewbox=json.dumps(viewbox),
    )
    with tempfile.TemporaryDirectory(prefix="casepath-") as folder:
        source = Path(folder, "page.html")
        source.write_text(page, "utf-8")
        _run(
            [
                f"--user-data-dir={folder}",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                str(source),
            ]
        )
    if not target.exists():
        raise Unsupported(f"Expected Chromium to write {target}, but it did not.")


def _extent(root: Element) -> Box:
    """Return the box around everything on the first plane."""
    plane = next(root.iter(f"{{{BPMNDI}}}BPMNPlane"), None)
    drawing = Drawing()
    for number, drawn in enumerate(plane.iter() if plane is not None else ()):
        if drawn.tag == f"{{{DC}}}Bounds":
            drawing.shapes[str(number)] = bounds_of(drawn)
        elif drawn.tag == f"{{{BPMNDI}}}BPMNEdge":
            drawing.edges[str(number)] = way_of(drawn)
    if not drawing.shapes:
        raise Unsupported("Expected a drawing to take a picture of, but there is none: casepath layout.")
    return drawing.extent()


def _run(arguments: list[str]) -> None:
    subprocess.run([find_chromium(), *_FLAGS, *arguments], capture_output=True, timeout=SECONDS, check=False)


def find_chromium() -> str:
    """Return the Chromium that CASEPATH_CHROMIUM names, else one on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CASEPATH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    raise Unsupported("Expected a Chromium in CASEPATH_CHROMIUM or on PATH, but there is none.")
