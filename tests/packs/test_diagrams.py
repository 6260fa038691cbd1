"""The bundled diagrams say what a reader has to know, and other programs leave them as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import sync_playwright

from engine.drawing.elk import ASSETS
from tests.packs.conftest import ROOT
from tests.parts.drawing.measuring import flaws

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FILES = sorted((ROOT / "processes").glob("*/bpmn/*.bpmn"))
SPLITS = ("exclusiveGateway", "inclusiveGateway")
PLAIN = ("Task", "callActivity", "subProcess", "startEvent", "endEvent", "CatchEvent", "ThrowEvent")
MODELERS = {
    "bpmn.io": "bpmn-js/dist/bpmn-modeler.production.min.js",
    "Camunda Modeler": "camunda-bpmn-js/dist/camunda-cloud-modeler.production.min.js",
}
SAVE = """async ([xml]) => {
  const modeler = new (window.BpmnJS || window.BpmnModeler)({ container: "#canvas" });
  const { warnings } = await modeler.importXML(xml);
  const saved = (await modeler.saveXML({ format: true })).xml;
  modeler.destroy();
  return [warnings.map((warning) => warning.message), saved];
}"""
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")


def kind(element: etree._Element) -> str:
    return str(element.tag).removeprefix(B)


def elements(file: Path, *ends: str) -> Iterator[etree._Element]:
    root = etree.parse(file).getroot()
    yield from (it for it in root.iter() if isinstance(it.tag, str) and kind(it).endswith(ends))


@each_file
def test_every_way_out_of_a_choice_has_a_name_and_the_choice_is_a_question(file: Path) -> None:
    flows = list(elements(file, "sequenceFlow"))
    for gateway in elements(file, *SPLITS):
        out = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
        if len(out) > 1:
            assert (gateway.get("name") or "").endswith("?"), gateway.get("id")
            assert [flow.get("id") for flow in out if not flow.get("name")] == []


@each_file
def test_whatever_is_done_or_happens_has_a_name(file: Path) -> None:
    assert [it.get("id") for it in elements(file, *PLAIN) if not it.get("name")] == []


@each_file
def test_who_does_a_task_is_seen_on_the_drawing(file: Path) -> None:
    """By its lane, or by the pool if this has no lanes, or by a note of the queue that hangs on the task."""
    in_lanes = {ref.text.strip() for ref in elements(file, "flowNodeRef")}
    in_pool = any(True for _ in elements(file, "participant")) and not in_lanes
    noted = {
        tie.get("sourceRef") for tie in elements(file, "association") if "_queue" in tie.get("targetRef")
    }
    seen = in_lanes | noted
    hidden = [
        task.get("id") for task in elements(file, "userTask") if not in_pool and task.get("id") not in seen
    ]
    assert hidden == []


@each_file
def test_nothing_covers_or_cuts_anything_on_the_drawing(file: Path) -> None:
    assert flaws(file.read_bytes()) == []


@pytest.mark.browser
@pytest.mark.parametrize("modeler", MODELERS)
def test_other_modelers_open_every_diagram_without_a_warning_and_save_it_unchanged(modeler: str) -> None:
    # In a thread of its own: a browser of other tests keeps this one's event loop running.
    with ThreadPoolExecutor(1) as threads:
        saved = threads.submit(saved_by, ASSETS / "node_modules" / MODELERS[modeler]).result()
    for file in FILES:
        warnings, content = saved[file]
        assert warnings == [], file
        assert shape_of(etree.fromstring(content.encode())) == shape_of(etree.parse(file).getroot()), file


def saved_by(script: Path) -> dict[Path, tuple[list[str], str]]:
    """Open every file in a modeler on one page; return what it warns of, and what it saves."""
    found = os.environ.get("CASEPATH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content('<div id="canvas" style="width: 800px; height: 600px"></div>')
        page.add_script_tag(path=script)
        saved = {file: tuple(page.evaluate(SAVE, [file.read_text("utf-8")])) for file in FILES}
        browser.close()
    return saved


def shape_of(element: etree._Element) -> tuple[object, ...]:
    """An element with all that is in it, whatever the order of attributes and children and the white space."""
    children = [shape_of(child) for child in element if isinstance(child.tag, str)]
    return (
        element.tag,
        sorted(element.attrib.items()),
        (element.text or "").strip(),
        sorted(children, key=repr),
    )
