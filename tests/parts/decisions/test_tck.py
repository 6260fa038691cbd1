"""The DMN Technology Compatibility Kit, where it is at hand; and its runner, on a kit of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.decisions.tck import run_folders

from .drawing import decision, definitions, given, text

KIT = Path(__file__).resolve().parents[4] / "shared" / "data" / "dmn-tck"
at_hand = pytest.mark.skipif(
    not KIT.is_dir(), reason=f"the DMN TCK is not at {KIT}; see our own cases beside this"
)


@at_hand
def test_every_case_of_level_2_passes() -> None:
    report = run_folders([KIT / "compliance-level-2"])
    assert [case for case in report.cases if not case.passed] == []
    assert report.passed > 40


@at_hand
def test_level_3_passes_but_for_external_java_functions() -> None:
    report = run_folders([KIT / "compliance-level-3"])
    assert {case.folder for case in report.cases if not case.passed} <= {"0076-feel-external-java"}
    assert report.passed > 1_300


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>ours.dmn</modelName>
  <testCase id="001"><inputNode name="i"><value xsi:type="xsd:decimal">4</value></inputNode>
    <resultNode name="d1"><expected><list><item><value xsi:type="xsd:decimal">5</value></item>
      <item><value xsi:type="xsd:date">2026-05-04</value></item></list></expected></resultNode>
    <resultNode name="d2"><expected><component name="a"><value xsi:nil="true"/></component></expected></resultNode>
  </testCase>
  <testCase id="002"><inputNode name="i"><value xsi:type="xsd:string">x</value></inputNode>
    <resultNode name="d2"><expected><value xsi:type="xsd:boolean">true</value></expected></resultNode></testCase>
  <testCase id="003"><resultNode name="gone"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>"""


def test_the_runner_reads_cases_and_reports_each(tmp_path: Path) -> None:
    folder = tmp_path / "0001-ours"
    folder.mkdir()
    source = definitions(
        given("i"), decision("d1", text('[i + 1, @"2026-05-04"]'), "i"), decision("d2", text("{a: nobody}"))
    )
    (folder / "ours.dmn").write_bytes(source)
    (folder / "ours-test-01.xml").write_text(CASES)
    report = run_folders([tmp_path]).as_json()
    assert (report["passed"], report["failed"]) == (2, 1)
    assert report["cases"][1] == {
        "folder": "0001-ours",
        "case": "002",
        "result": "failed",
        "expected": "true",
        "actual": "{a: null}",
        "message": "In d2: Expected a value called nobody but there is none (line 1, column 5)",
    }
