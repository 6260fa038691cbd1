"""The BPMN reference: a page for everything that runs, each with a picture of its example, which runs as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.flow import lint
from engine.spiff.allowed import _EVENT_START, _EVENTS_ALLOWED
from engine.spiff.describe import FLOW_NODES
from tests.docs.drawing import EXAMPLES, ROOT, hash_of, shown_by
from tests.docs.laying_out import lay_out
from tests.docs.telling import Story, program, stories
from tests.test_docs import rules

FOLDER = EXAMPLES.parent
INDEX = FOLDER.parent / "bpmn.md"
PAGES = sorted(FOLDER.glob("*.md"))
DIAGRAMS = sorted(EXAMPLES.glob("*.bpmn"))


def name(path: Path) -> str:
    return path.stem


def rows(page: Path, chapter: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    text = page.read_text("utf-8").partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_an_example_runs_as_its_page_says(page: Path) -> None:
    tables = list(stories(page))
    assert tables
    for table in tables:
        story = Story()
        for row in table:
            story.tell(row)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_its_chapters_and_shows_each_example_that_it_tells_of(page: Path) -> None:
    text = page.read_text("utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads == ["Meaning", "Attributes", "Refused", "Example"]
    shown = set(re.findall(r"^!\[[^\]]+\]\(examples/(\w+)\.svg\)$", text, re.MULTILINE))
    assert shown == set(re.findall(r"\(examples/(\w+)\.bpmn\)", text)) != set()
    begun = {row.happens.split("`")[1] for table in stories(page) for row in table if "begin" in row.happens}
    assert begun <= shown


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_rule_that_a_page_names_is_one(page: Path) -> None:
    named = {rule for cells in rows(page, "Refused") for rule in re.findall(r"`([a-z-]+)`", cells[0])}
    flow = "".join(path.read_text("utf-8") for path in (ROOT / "engine/flow/rules").glob("*.py"))
    assert named and named <= rules() | set(re.findall(r'finding\("([a-z-]+)"', flow))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_index_leads_to_every_page(page: Path) -> None:
    assert f"](bpmn/{page.name})" in INDEX.read_text("utf-8")


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name)
def test_an_example_is_drawn_without_a_finding_and_its_picture_is_of_it(diagram: Path) -> None:
    assert [str(finding) for finding in lint(diagram.read_bytes(), diagram.name)] == []
    assert shown_by(diagram.with_suffix(".svg")) == hash_of(diagram), "Run python -m tests.docs.drawing"


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name)
def test_an_example_that_is_laid_out_again_stays_as_it_is(diagram: Path) -> None:
    assert lay_out(diagram.read_bytes()) == diagram.read_bytes()


def test_every_picture_has_its_file_and_every_file_its_page() -> None:
    assert {name(path) for path in EXAMPLES.glob("*.svg")} == {name(path) for path in DIAGRAMS}
    told = "".join(page.read_text("utf-8") for page in PAGES)
    assert [it.name for it in EXAMPLES.iterdir() if f"(examples/{it.name})" not in told] == []


@pytest.mark.parametrize("tag", sorted(FLOW_NODES))
def test_everything_that_runs_stands_in_an_example(tag: str) -> None:
    assert tag in {it.type for diagram in program().diagrams for it in diagram.elements.values()}


@pytest.mark.parametrize("event", sorted({it for events in _EVENTS_ALLOWED.values() for it in events}))
def test_every_event_stands_in_an_example(event: str) -> None:
    assert event in {it.event for diagram in program().diagrams for it in diagram.elements.values()}


@pytest.mark.parametrize("tag", sorted(FLOW_NODES))
def test_the_index_names_everything_that_runs(tag: str) -> None:
    words = re.sub(r"([A-Z])", lambda found: f" {found[1].lower()}", tag)
    told = INDEX.read_text("utf-8").partition("## Elements")[2].partition("\n## ")[0]
    assert words in told.lower().replace("-", " ")


def test_the_index_says_where_each_event_may_stand() -> None:
    head, *lines = re.findall(r"^\| (event|[a-z]+) \| (.+) \|$", INDEX.read_text("utf-8"), re.MULTILINE)[:12]
    positions = [cell.strip().replace("intermediate ", "") for cell in head[1].split("|")]
    told = {
        (event, position)
        for event, cells in lines
        for position, cell in zip(positions, cells.split("|"), strict=True)
        if cell.strip() and event != "none"
    }
    short = {"start": "start event", "end": "end event", "catch event": "intermediate catch event"}
    short |= {"throw event": "intermediate throw event", "start of an event sub-process": _EVENT_START}
    allowed = {(event, position) for position, events in _EVENTS_ALLOWED.items() for event in events}
    assert {(event, short.get(position, position)) for event, position in told} == allowed
