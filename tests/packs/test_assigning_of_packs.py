"""How queues assign and which skills tasks want, judged when a pack is checked: each slip with line and remedy."""

from __future__ import annotations

import pytest

from engine.catalog.check import check_pack
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.worlds import build_world
from tests.parts.runtime.worlds import SNAPSHOT
from tests.parts.spiff.drawing import draw, extension, node

HEAD = 'id = "p"\nprocess = "p"\n[skills]\nnetwork = "Networks"\n[queues.tier1]\ntitle = "Tier 1"\n'
GROUPS = extension('<zeebe:assignmentDefinition candidateGroups="tier1" />')


def pack(more: str = "", skills: str | None = None, head: str = HEAD) -> PackSource:
    wanted = {} if skills is None else {"casepath_skills": skills}
    diagram = draw(f"start s; {node('user', 'work', GROUPS, **wanted)}; end e", "s>work>e")
    return PackSource.from_files({"pack.toml": (head + more).encode(), "bpmn/p.bpmn": diagram})


def found(source: PackSource) -> list[PackFinding]:
    return [it for it in check_pack(source) if it.severity == "error"]


SETTING = '[settings]\n"by" = { value = "%s", source = "text 1" }\n'


@pytest.mark.parametrize(
    ("more", "load"),
    [
        ("", False),
        ('assign = "queue"\n', False),
        ('assign = "load"\n', True),
        ('assign = { setting = "by" }\n' + SETTING % "queue", False),
        ('assign = { setting = "by" }\n' + SETTING % "load", True),
    ],
)
def test_a_queue_assigns_as_it_says_or_as_its_setting_says(more: str, load: bool) -> None:
    source = pack(more)
    assert found(source) == []
    world = build_world(SNAPSHOT, {"p": 1}, source)
    assert world.assigns_by_load("tier1") == load
    assert not world.assigns_by_load("lead")
    assert not world.assigns_by_load(None)


@pytest.mark.parametrize(
    ("more", "rule", "line", "words"),
    [
        ('assign = "lode"\n', "assign", 7, "to assign by queue or load, but it says 'lode'"),
        ("assign = 7\n", "assign", 7, "but it says 7"),
        ('assign = { seting = "by" }\n', "assign", 7, "but it says {'seting': 'by'}"),
        ('assign = { setting = "by" }\n', "unknown-setting", 7, "a setting named “by” for queue “tier1”"),
        (
            'assign = { setting = "by" }\n' + SETTING % "lode",
            "assign",
            9,
            "to be queue or load, but it is 'lode'",
        ),
        ('asign = "load"\n', "unknown-key", 7, "title, roles, assign"),
    ],
)
def test_a_slip_of_a_queue_is_told_where_it_stands(more: str, rule: str, line: int, words: str) -> None:
    (finding,) = found(pack(more))
    assert (finding.file, finding.rule, finding.line) == ("pack.toml", rule, line)
    assert words in finding.message
    assert finding.remedy


@pytest.mark.parametrize(
    "skills",
    ["network", '=["network"]', '="network"', "=null", '=if topic = "x" then ["netwrok"] else null', ""],
)
def test_skills_that_the_pack_has_or_that_hang_on_the_ticket_pass(skills: str) -> None:
    assert found(pack(skills=skills)) == []


@pytest.mark.parametrize("skills", ["network, netwrok", '=["network", "netwrok"]', '="netwrok"'])
def test_a_skill_that_the_pack_does_not_have_is_told_at_its_task(skills: str) -> None:
    (finding,) = found(pack(skills=skills))
    assert (finding.rule, finding.element) == ("unknown-skill", "work")
    assert finding.message == "Expected a skill named “netwrok” for “work”, but there is none."
    assert "name one of: network" in finding.remedy


def test_skills_are_refused_where_nobody_works() -> None:
    diagram = draw("start s; xor x; end e", "s>x>e").replace(b'id="x"', b'id="x" casepath:skills="network"')
    source = PackSource.from_files({"pack.toml": HEAD.encode(), "bpmn/p.bpmn": diagram})
    (finding,) = found(source)
    assert (finding.rule, "skills to user tasks" in finding.remedy) == ("not-read", True)
