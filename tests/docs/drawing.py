"""The pictures of the documentation's examples, drawn by bpmn-js in a real Chromium.

`python -m tests.docs.drawing` draws an SVG beside each example whose picture is missing or of another file;
`--all` draws every one. It needs the page scripts' packages, which `./casepath up` fetches. Each picture names, in
a comment, the hash of the file that it shows.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "reference" / "bpmn" / "examples"
VIEWER = ROOT / "webui" / "assets" / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"
_DRAW = """async (xml) => {
  const viewer = new BpmnJS({ container: "#canvas" });
  await viewer.importXML(xml);
  return (await viewer.saveSVG()).svg;
}"""
_OPENING = re.compile(r"(<svg [^>]*viewBox=\"(\S+) (\S+) (\S+) (\S+)\"[^>]*>)")


def hash_of(example: Path) -> str:
    """What a picture says of the file that it shows."""
    return hashlib.sha256(example.read_bytes()).hexdigest()


def shown_by(picture: Path) -> str | None:
    """The hash of the file that a picture was drawn from."""
    found = re.search(r"<!-- drawn from sha256:([0-9a-f]{64}) -->", picture.read_text("utf-8"))
    return found[1] if found else None


def draw(page: Page, example: Path) -> str:
    """Draw one file; on white, so that it can be read on a dark page too."""
    page.set_content('<div id="canvas" style="width: 1600px; height: 1200px"></div>')
    page.add_script_tag(path=VIEWER)
    svg = page.evaluate(_DRAW, example.read_text("utf-8"))
    svg = _OPENING.sub(
        rf"\1<!-- drawn from sha256:{hash_of(example)} -->"
        r'<rect x="\2" y="\3" width="\4" height="\5" fill="white"/>',
        svg,
        count=1,
    )
    return f"{svg}\n"


def main(all_of_them: bool) -> None:
    """Draw what is missing or out of date."""
    found = os.environ.get("CASEPATH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        for example in sorted(EXAMPLES.glob("*.bpmn")):
            picture = example.with_suffix(".svg")
            if all_of_them or not picture.exists() or shown_by(picture) != hash_of(example):
                picture.write_text(draw(page, example), "utf-8")
        browser.close()


if __name__ == "__main__":
    main("--all" in sys.argv[1:])
