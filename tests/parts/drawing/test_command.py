"""`casepath layout`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from engine.cli.__main__ import main
from engine.drawing import Elk, laid_out
from engine.drawing.elk import find_node
from engine.drawing.picture import VIEWER

from .models import NAMED, chain, node, process

SIMPLE = process(node("startEvent", "s", "Begun") + node("endEvent", "e") + chain("s", "e"))
VIEW = """async (xml) => {
  const viewer = new BpmnJS({ container: "#canvas" });
  return (await viewer.importXML(xml)).warnings.map((warning) => warning.message);
}"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.bpmn"
    file.write_bytes(SIMPLE)
    return file


def test_a_file_is_drawn_in_place_and_keeps_its_mode(model: Path) -> None:
    model.chmod(0o640)
    assert main(["layout", str(model)]) == 0
    assert b"BPMNShape" in model.read_bytes()
    assert model.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in model.parent.iterdir()] == ["model.bpmn"]


def test_with_o_the_file_stays_as_it_is(model: Path, tmp_path: Path) -> None:
    assert main(["layout", str(model), "-o", str(tmp_path / "other.bpmn")]) == 0
    assert model.read_bytes() == SIMPLE
    assert b"BPMNShape" in (tmp_path / "other.bpmn").read_bytes()


def test_check_names_the_files_without_a_drawing_and_changes_none(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], elk: Elk
) -> None:
    (tmp_path / "drawn.bpmn").write_bytes(laid_out(SIMPLE, elk))
    assert main(["layout", "--check", str(model), str(tmp_path / "drawn.bpmn")]) == 1
    assert capsys.readouterr().out == f"{model}: There is no drawing.\n"
    assert main(["layout", "--check", "--json", str(tmp_path / "drawn.bpmn")]) == 0
    assert json.loads(capsys.readouterr().out) == {str(tmp_path / "drawn.bpmn"): []}
    assert model.read_bytes() == SIMPLE


def test_a_file_that_cannot_be_drawn_is_left_alone_and_the_others_are_drawn(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.bpmn").write_text("<nothing/>")
    assert main(["layout", str(tmp_path / "broken.bpmn"), str(model)]) == 1
    assert "broken.bpmn: Expected the definitions of BPMN 2.0" in capsys.readouterr().err
    assert (tmp_path / "broken.bpmn").read_text() == "<nothing/>"
    assert b"BPMNShape" in model.read_bytes()


def test_several_files_have_no_one_output(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layout", str(model), str(model), "-o", "x.bpmn"]) == 1
    assert "Expected one FILE with -o or --png, but there are several." in capsys.readouterr().err


@pytest.mark.browser
def test_png_takes_a_picture_as_large_as_the_drawing(model: Path, tmp_path: Path) -> None:
    model.write_bytes(NAMED["every_task"])
    assert main(["layout", str(model), "--png", str(tmp_path / "picture.png")]) == 0
    picture = (tmp_path / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (
        int.from_bytes(picture[16:20]) > 2 * 9 * 100
    )  # nine activities beside each other, at twice the size


@pytest.mark.browser
def test_without_a_chromium_a_picture_is_refused(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    node_alone = tmp_path / "bin"
    node_alone.mkdir()
    (node_alone / "node").symlink_to(find_node())
    monkeypatch.setenv("PATH", str(node_alone))
    monkeypatch.delenv("CASEPATH_CHROMIUM", raising=False)
    assert main(["layout", str(model), "--png", str(tmp_path / "picture.png")]) == 1
    assert "Expected a Chromium in CASEPATH_CHROMIUM or on PATH" in capsys.readouterr().err


@pytest.mark.browser
def test_bpmn_js_shows_every_drawing_without_a_warning(elk: Elk) -> None:
    drawn = {name: laid_out(model, elk).decode() for name, model in NAMED.items()}
    # In a thread of its own: a browser of other tests keeps this one's event loop running.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(said_of, drawn).result() == {name: [] for name in NAMED}


def said_of(drawn: dict[str, str]) -> dict[str, list[str]]:
    """Show drawings with bpmn-js, and return what it warns of."""
    found = os.environ.get("CASEPATH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content('<div id="canvas" style="width: 800px; height: 600px"></div>')
        page.add_script_tag(path=VIEWER)
        said = {name: page.evaluate(VIEW, text) for name, text in drawn.items()}
        browser.close()
    return said
