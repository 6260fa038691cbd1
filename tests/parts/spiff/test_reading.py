"""Hostile and broken files: they cost little, reach nothing, and come back as findings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.spiff import check_diagram

from .damaging import damaged
from .drawing import HEAD, draw
from .everything import EVERYTHING

DIAGRAMS = Path(__file__).parents[2] / "diagrams"
GOOD = draw("start s; user a; end e", "s>a>e")


def only_finding(source: bytes) -> str:
    diagram, findings = check_diagram(source, "test.bpmn")
    assert diagram is None
    (finding,) = findings
    assert finding.severity == "error"
    return finding.message


def test_thirty_megabytes_are_refused_unread() -> None:
    before = time.process_time()
    assert "at most 5 MB, but this one has 30.0 MB" in only_finding(b"<" * 30_000_000)
    assert time.process_time() - before < 0.5


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    source = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>{HEAD}&l11;</definitions>'
    for encoding in ("utf-8", "utf-16"):
        assert only_finding(source.encode(encoding)).startswith("Expected")


def test_an_entity_in_utf_16_is_found_too() -> None:
    source = f'<!DOCTYPE definitions [<!ENTITY who "me">]>{HEAD}<process id="p" name="&who;" /></definitions>'
    assert "document type" in only_finding(source.encode("utf-16"))


def test_nothing_is_fetched_from_the_disk(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    source = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{HEAD}&x;</definitions>'
    assert "hidden" not in only_finding(source.encode())


def test_nesting_has_a_limit() -> None:
    deep = "<subProcess id='x'>" * 70 + "</subProcess>" * 70
    assert "at most 60 elements inside one another" in only_finding(f"{HEAD}{deep}</definitions>".encode())
    deeper = "<subProcess>" * 300 + "</subProcess>" * 300
    assert "inside one another" in only_finding(f"{HEAD}{deeper}</definitions>".encode())


@pytest.mark.parametrize(
    "source", [b"", b"\0\0", b"<definitions", b"\xff\xfe", b"PK\x03\x04", "<é>".encode("latin-1")]
)
def test_what_is_no_xml_is_said_to_be_none(source: bytes) -> None:
    assert only_finding(source).startswith("Expected XML")


def test_half_a_good_file_never_raises() -> None:
    for end in range(0, len(GOOD), 7):
        diagram, findings = check_diagram(GOOD[:end], "cut.bpmn")
        assert diagram is None
        assert findings


def test_a_good_file_with_any_line_missing_never_raises() -> None:
    lines = GOOD.splitlines(keepends=True)
    for missing in range(len(lines)):
        check_diagram(b"".join(lines[:missing] + lines[missing + 1 :]), "holed.bpmn")


def test_a_file_with_any_attribute_or_element_gone_or_doubled_never_raises() -> None:
    """Every single damage to a file in which everything stands: it is accepted or refused, and that is all."""
    source = (DIAGRAMS / "good" / "diagnosis.bpmn").read_bytes()
    accepted = 0
    for broken in damages(source):
        diagram, findings = check_diagram(broken, "damaged.bpmn")
        assert diagram is not None or any(it.severity == "error" for it in findings)
        accepted += diagram is not None
    assert accepted


@pytest.mark.parametrize("seed", range(0, 500, 50))
def test_a_damaged_file_is_accepted_or_refused_and_never_raises(seed: int) -> None:
    sources = [EVERYTHING, *(file.read_bytes() for file in sorted((DIAGRAMS / "good").glob("*.bpmn")))]
    for number in range(seed, seed + 50):
        source = damaged(sources[number % len(sources)], number)
        diagram, found = check_diagram(source, "damaged.bpmn")
        assert (diagram is None) == any(it.severity == "error" for it in found), number
        assert all(it.message.startswith("Expected") and it.remedy for it in found), number
        assert all(it.rule != "library" for it in found), number


def test_diagrams_of_other_tools_are_judged_without_raising() -> None:
    """The reference files of the BPMN interchange group, whole and damaged; none is within the allow-list."""
    files = sorted((Path(__file__).parents[4] / "shared" / "data" / "miwg").rglob("*.bpmn"))
    if not files:
        pytest.skip(
            "The BPMN interchange files are not beside this repository; the damaged file above stands in."
        )
    for file in files:
        diagram, findings = check_diagram(file.read_bytes(), file.name)
        assert diagram is None
        assert all(it.message.startswith("Expected") and it.remedy and it.line for it in findings), file.name
        for seed in range(3):
            check_diagram(damaged(file.read_bytes(), seed), file.name)


def damages(source: bytes) -> Iterator[bytes]:
    count = sum(1 for _ in etree.fromstring(source).iter())
    for index in range(0, count, 2):
        for damage in (_drop, _double, _empty, _rename):
            root = etree.fromstring(source)
            damage(list(root.iter())[index])
            yield etree.tostring(root)


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _double(element: Any) -> None:
    if element.getparent() is not None:
        element.addnext(deepcopy(element))


def _empty(element: Any) -> None:
    element.attrib.clear()


def _rename(element: Any) -> None:
    for name in element.attrib:
        element.set(name, element.get(name) + "x")
