"""The shared processes and the bundled desks that are built on them: their stories hold, and leave no end untold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.catalog.check import check_pack
from engine.catalog.pack import read_pack
from engine.scenarios import runner
from engine.scenarios.acting import Cast
from engine.scenarios.report import Report, Result
from tests.packs.conftest import ROOT

BASE = ROOT / "processes" / "base"
ISP = ROOT / "processes" / "isp_core"
PARTS = ROOT / "tests" / "packs" / "shared_parts"
HEIRS = sorted(
    toml.parent
    for toml in ROOT.glob("processes/*/pack.toml")
    if re.search("^extends =", toml.read_text(), re.M)
)
STORIES = sorted(path for pack in (*HEIRS, PARTS) for path in (pack / "scenarios").glob("*.yaml"))
END = "{http://www.omg.org/spec/BPMN/20100524/MODEL}endEvent"


@dataclass
class Played:
    """All stories, each run once: how they went, and every element that a token entered in one of them."""

    entered: set[str] = field(default_factory=set, repr=False)
    report: Report = field(default_factory=lambda: Report(()), repr=False)


@pytest.fixture(scope="module")
def played(admin_database_url: str) -> Iterator[Played]:
    found = Played()
    play = runner._play

    def watching(cast: Cast) -> Result:
        result = play(cast)
        for events in cast.stage.events.values():
            passed = (event for _, event in events if event.kind == "elements_passed")
            found.entered |= {
                step[1] for event in passed for step in event.data["steps"] if step[0] == "entered"
            }
        return result

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runner, "_play", watching)
        found.report = runner.run([*HEIRS, PARTS], admin_database_url)
        yield found


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_story_holds(played: Played, path: Path) -> None:
    found = next(it for it in played.report.results if it.path == path)
    assert found.outcome == "passed", "\n".join(found.lines())


def test_the_provider_s_desk_has_its_stories(played: Played) -> None:
    told = [it for it in played.report.results if it.path.is_relative_to(ISP)]
    assert len(told) == len(list((ISP / "scenarios").glob("*.yaml"))) >= 12


@pytest.mark.parametrize("path", sorted(BASE.glob("bpmn/*.bpmn")), ids=lambda path: path.stem)
def test_every_end_of_a_shared_process_is_reached_by_a_story(played: Played, path: Path) -> None:
    ends = {str(end.get("id")) for end in ElementTree.parse(path).iter(END)}
    assert ends - played.entered == set()


@pytest.mark.parametrize("pack", HEIRS, ids=lambda pack: pack.name)
def test_every_end_of_a_desk_s_own_processes_is_reached_by_a_story(played: Played, pack: Path) -> None:
    ends = {
        str(end.get("id")) for path in pack.glob("bpmn/*.bpmn") for end in ElementTree.parse(path).iter(END)
    }
    assert ends - played.entered == set()


@pytest.mark.parametrize("pack", [BASE, ISP, PARTS], ids=lambda pack: pack.name)
def test_the_packs_are_right(pack: Path) -> None:
    """What is warned of is told in base's README: texts that only a desk's own processes write, and examples of
    addresses that each desk writes anew."""
    findings = check_pack(read_pack(pack))
    assert [it for it in findings if it.severity == "error"] == []
    assert {it.rule for it in findings} <= {"unfilled", "dead", "example-address"}
