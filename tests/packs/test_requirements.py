"""What packs say of the documents that they were made from: true, and printed whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.catalog.check import check_pack
from engine.catalog.pack import PackSource, read_pack
from engine.catalog.requirements import as_markdown, read_requirements

ROOT = Path(__file__).parents[2]
PACKS = sorted(path.parent for path in (ROOT / "processes").glob("*/requirements.toml"))
GOOD = """title = "How we support"
prefix = "R"
count = 3

[covered.R-02]
where = ["bpmn/callback.bpmn#callback"]
shown = ["test tests/web/test_goals.py"]
"""


def pack_with(text: str) -> PackSource:
    files = dict(read_pack(ROOT / "tests" / "web" / "packs" / "callback").files)
    return PackSource.from_files({**files, "requirements.toml": text.encode()})


def wrong(text: str) -> list[str]:
    return [f"{it.line}: {it.message}" for it in check_pack(pack_with(text)) if it.rule == "requirements"]


def test_requirements_that_are_met_are_no_finding() -> None:
    assert wrong(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("bpmn/callback.bpmn#", "bpmn/call.bpmn#", "5: Expected a file of the pack for R-02"),
        ("#callback", "#recall", "5: Expected “recall” in bpmn/callback.bpmn for R-02"),
        ("R-02", "R-04", "5: Expected one of 3 requirements of R, but found R-04"),
        ('where = ["bpmn/callback.bpmn#callback"]\n', "", "5: Expected R-02 to say where it is met"),
        ("count = 3", "count = 0", "1: Expected title, prefix and the count"),
        ("shown =", "seen =", "5: Expected where, shown or note at R-02, but found seen"),
        ("prefix =", "prefixes = 1\nprefix =", "2: Expected one of count, covered, prefix, title"),
        ("title", "= title", "None: Expected TOML in UTF-8"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(old: str, new: str, expected: str) -> None:
    assert any(it.startswith(expected) for it in wrong(GOOD.replace(old, new, 1))), wrong(
        GOOD.replace(old, new, 1)
    )


def test_what_no_entry_speaks_of_is_not_yet_covered() -> None:
    said, _ = read_requirements(pack_with(GOOD))
    assert said is not None
    page = as_markdown([("callback", said)])
    assert "| R-01 | not yet | |" in page
    assert "| R-02 | `bpmn/callback.bpmn#callback` | `test tests/web/test_goals.py` |" in page
    assert "| R | callback | 3 | 1 | 1 |" in page


def test_the_page_of_coverage_is_what_the_packs_say() -> None:
    """Print it with: casepath pack coverage processes/* > docs/coverage.md"""
    said = [(it.id, found) for it in map(read_pack, PACKS) if (found := read_requirements(it)[0])]
    assert (ROOT / "docs" / "coverage.md").read_text() == as_markdown(said)


@pytest.mark.parametrize("pack", PACKS, ids=lambda it: it.name)
def test_a_test_that_shows_a_requirement_is_there(pack: Path) -> None:
    for path in re.findall(r'"test ([\w/.]+)', (pack / "requirements.toml").read_text()):
        assert (ROOT / path).is_file(), path
