"""How a finding about the flow is told: in text, JSON and SARIF, alone and in a pack, each with its path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.catalog.check import check_pack
from engine.catalog.pack import PackSource
from engine.cli.__main__ import main
from engine.flow import arrows
from engine.flow import lint as lint_file
from tests.parts.spiff.drawing import draw
from webui.deploying import finding_record, finding_shown

DEADLOCK = draw("start s; xor x; user a; user b; and j; end e", "s>x; x>a *; x>b [=v]; a>j; b>j>e")
PATH = ["s", "x", "f2", "a", "j"]


def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str) -> tuple[int, str]:
    file = tmp_path / "stuck.bpmn"
    file.write_bytes(DEADLOCK)
    status = main(["lint", str(file), "--format", how])
    return status, capsys.readouterr().out


def test_text_has_the_path_on_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = lint(tmp_path, capsys, "text")
    assert status == 1
    assert (
        "it waits for ever. Merge the branches" in out and "(deadlock)\n    path: s → x → f2 → a → j\n" in out
    )


def test_json_has_every_fact_of_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = lint(tmp_path, capsys, "json")
    (found,) = [it for it in json.loads(out) if it["rule"] == "deadlock"]
    assert status == 1
    assert (found["severity"], found["element"], found["path"]) == ("error", "j", PATH)
    assert found.keys() >= {"rule", "severity", "element", "line", "message", "remedy", "path"}


def test_sarif_has_the_path_as_a_code_flow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = lint(tmp_path, capsys, "sarif")
    results: list[dict[str, Any]] = json.loads(out)["runs"][0]["results"]
    (found,) = [it for it in results if it["ruleId"] == "deadlock"]
    (thread,) = found["codeFlows"][0]["threadFlows"]
    assert [it["location"]["logicalLocations"][0]["name"] for it in thread["locations"]] == PATH


def test_a_pack_with_a_deadlock_is_refused_with_the_path() -> None:
    pack = PackSource.from_files({"pack.toml": b'id = "p"\ntitle = "P"\n', "bpmn/stuck.bpmn": DEADLOCK})
    (found,) = [it for it in check_pack(pack) if it.rule == "deadlock"]
    assert (found.file, found.severity, list(found.path)) == ("bpmn/stuck.bpmn", "error", PATH)
    assert str(found).endswith("[deadlock]\n    path: s → x → f2 → a → j")


def test_a_long_path_is_shown_by_its_beginning_and_its_end() -> None:
    shown = arrows([str(number) for number in range(2000)])
    assert shown.startswith("0 → 1 → 2") and shown.endswith("1998 → 1999") and "1,984 more" in shown


def test_pages_show_the_path_as_one_line_and_the_api_as_a_list() -> None:
    found = next(it for it in lint_file(DEADLOCK, "p.bpmn") if it.rule == "deadlock")
    assert finding_record(found)["path"] == PATH
    assert finding_shown(found)["way"] == "s → x → f2 → a → j"
