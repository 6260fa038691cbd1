"""Settings of a pack: what each may be, and what a desk has changed of them."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.check import check_pack
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.catalog.settings import carried, changes_file, changes_of
from tests.parts.spiff.drawing import draw

PACK = """id = "desk"
title = "Desk"
[settings]
"answer.within" = { value = "PT48H", unit = "ISO 8601", source = "text 7", title = "Answer within" }
"warn.pct" = { value = 75, unit = "%", source = "default D-01" }
"after" = { value = "resolve", source = "default D-02", choices = ["resolve", "wait"] }
"mail" = { value = true, source = "default D-03" }
"times" = { value = 3, unit = "times", source = "default D-04" }
"""


def pack(changes: str | None = None, toml: str = PACK) -> PackSource:
    files = {"pack.toml": toml.encode(), "bpmn/p.bpmn": draw("start s; end e", "s>e")}
    return PackSource.from_files(files | ({} if changes is None else {"settings.toml": changes.encode()}))


def errors(found: PackSource) -> list[PackFinding]:
    return [it for it in check_pack(found) if it.severity == "error"]


def test_what_a_desk_has_changed_counts_and_the_packs_own_value_is_kept_beside_it() -> None:
    found = pack('"answer.within" = "PT24H"\n"warn.pct" = 80.5\n')
    assert errors(found) == []
    changed = found.settings["answer.within"]
    assert (changed.value, changed.given, changed.is_changed) == ("PT24H", "PT48H", True)
    assert found.settings["warn.pct"].value == Decimal("80.5")
    assert not found.settings["times"].is_changed


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ('"answer.within" = "48 hours"', "Expected a duration such as PT48H or P14D for “Answer within”"),
        ('"answer.within" = "-PT1H"', "Expected a duration such as PT48H or P14D"),
        ('"answer.within" = 48', "Expected a text for “Answer within”, but found 48."),
        ('"warn.pct" = 101', "Expected 0 to 100 % for “warn.pct”, but found 101."),
        ('"after" = "sleep"', "Expected one of “resolve”, “wait” for “after”, but found “sleep”."),
        ('"mail" = "yes"', "Expected yes or no for “mail”, but found “yes”."),
        ('"mail" = 1', "Expected yes or no for “mail”, but found 1."),
        ('"times" = -1', "Expected no number below zero for “times”, but found -1."),
        ('"times" = nan', "Expected a value for “times”, but found nan."),
        ('"times" = [1]', "Expected a value for “times”, but found [1]."),
        ('"tmes" = 4', "Expected a setting of the pack, but it has no “tmes”."),
        ("times = ", "Expected TOML in UTF-8"),
    ],
)
def test_a_change_that_can_not_be_is_refused_with_its_line(change: str, sentence: str) -> None:
    (finding,) = errors(pack(f"# changed\n{change}\n"))
    assert (finding.file, finding.severity) == ("settings.toml", "error")
    assert finding.message.startswith(sentence), finding.message
    assert finding.rule == "toml" or finding.line == 2


def test_a_pack_whose_own_value_can_not_be_is_refused_too() -> None:
    (finding,) = errors(pack(toml=PACK.replace('"resolve", source', '"nothing", source')))
    assert (finding.rule, finding.line) == ("setting", 6)


def test_what_a_newer_pack_can_not_have_is_told_and_the_rest_carried() -> None:
    changes = {"answer.within": "PT24H", "warn.pct": Decimal(80), "gone": "x"}
    newer = pack(toml=PACK.replace("value = 75", 'value = "75"').replace('"%"', '""'))
    kept, lost = carried(newer.settings, changes)
    assert kept == {"answer.within": "PT24H"}
    assert lost == {
        "warn.pct": "Expected a text for “warn.pct”, but found 80.",
        "gone": "Expected a setting of the pack, but it has no “gone”. "
        "It has: after, answer.within, mail, times, warn.pct.",
    }


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        st.booleans()
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6),
    )
)
def test_whatever_was_changed_is_read_again_as_it_was(changes: dict[str, object]) -> None:
    read = tomllib.loads(changes_file(changes).decode(), parse_float=Decimal)
    assert {
        key: Decimal(it) if isinstance(it, int) and not isinstance(it, bool) else it
        for key, it in read.items()
    } == changes


def test_changed_values_come_out_as_they_went_in() -> None:
    changes = {"answer.within": "PT24H", "mail": False, "times": Decimal(4)}
    assert changes_of(pack(changes_file(changes).decode()).settings) == changes
