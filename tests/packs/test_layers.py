"""Packs that extend packs: what is inherited, what is overridden, and what is said where it doesn't fit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.catalog.check import check_pack, read_contents
from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.pack import PackSource, read_pack
from engine.catalog.pins import pins
from tests.packs.family import BASE, CORE, DESK, FORM, asking, write_family, write_pack


def refused(folder: Path) -> PackFinding:
    with pytest.raises(PackRefused) as refusal:
        read_pack(folder)
    (finding,) = refusal.value.findings
    return finding


def errors_of(folder: Path) -> list[PackFinding]:
    """What stops a deployment; that the diagrams of the family have no picture does not."""
    return [it for it in check_pack(read_pack(folder)) if it.severity == "error"]


def test_a_pack_is_read_with_all_that_it_is_built_on(tmp_path: Path) -> None:
    pack = read_pack(write_family(tmp_path))
    assert errors_of(tmp_path / "desk") == errors_of(tmp_path / "base") == []
    assert (pack.id, pack.title, pack.time_zone, pack.process) == ("desk", "A desk", "Europe/Rome", "enquiry")
    assert pack.lineage == ("core", "base")
    assert not pack.base and read_pack(tmp_path / "base").base


def test_the_nearest_file_at_a_path_counts(tmp_path: Path) -> None:
    pack = read_pack(write_family(tmp_path))
    assert list(pack.under("forms")) == ["extends/core/forms/ask.form"]
    assert list(pack.under("bpmn")) == ["extends/base/bpmn/enquiry.bpmn"]
    assert pack.under("templates") == {
        "templates/t_hello.md": b"Subject: Hello from desk\n\nDear customer.\n"
    }
    assert "extends/base/forms/ask.form" in pack.files
    assert not [path for path in pack.files if "scenarios" in path]


def test_a_snapshot_needs_nothing_from_outside(tmp_path: Path) -> None:
    pack = read_pack(write_family(tmp_path))
    assert PackSource.from_files(pack.files) == pack
    assert PackSource.from_files(pack.files).lineage == ("core", "base")
    copy = write_pack(tmp_path / "elsewhere" / "desk", dict(pack.files))
    assert read_pack(copy).files == pack.files


def test_tables_of_names_are_joined_and_entries_key_by_key(tmp_path: Path) -> None:
    pack = read_pack(write_family(tmp_path))
    assert list(pack.queues) == ["first", "second"]
    assert (pack.queues["first"].title, pack.queues["first"].roles) == ("Front desk", ("agent",))
    setting = pack.settings["ask.within"]
    assert (setting.value, setting.unit, setting.source) == (Decimal(8), "h", "text 7")


def test_an_ordered_vocabulary_is_replaced_as_a_whole(tmp_path: Path) -> None:
    more = DESK + '[states]\nclosed = "Done"\nfresh = "Fresh"\n'
    pack = read_pack(write_family(tmp_path, desk={"pack.toml": more}))
    assert dict(pack.states) == {"closed": "Done", "fresh": "Fresh"}


def test_calendars_are_joined_one_by_one(tmp_path: Path) -> None:
    pack = read_pack(write_family(tmp_path))
    assert {key: it.title for key, it in pack.calendars.items()} == {"office": "Shop", "always": "Always"}
    assert pack.calendars["office"].zone is not None


def test_a_version_pins_the_manifests_and_services_of_all_layers(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    pack = read_pack(write_family(tmp_path / "a"))
    pin = pins(pack, read_contents(pack).diagrams)["enquiry"]
    assert pin.path == "extends/base/bpmn/enquiry.bpmn"
    assert {"pack.toml", "extends/core/pack.toml", "extends/base/pack.toml"} < set(pin.paths)
    assert "extends/core/forms/ask.form" in pin.paths and "extends/base/forms/ask.form" not in pin.paths
    other = read_pack(write_family(tmp_path / "b", base={"pack.toml": BASE.replace("= 4", "= 5")}))
    assert pins(other, read_contents(other).diagrams)["enquiry"].hash != pin.hash


def test_a_finding_names_the_file_where_it_really_is(tmp_path: Path) -> None:
    bad = {"bpmn/enquiry.bpmn": asking("ask").replace(b'"first"', b'"nobody"')}
    findings = errors_of(write_family(tmp_path, base=bad))
    assert {(it.file, it.rule) for it in findings} == {
        ("extends/base/bpmn/enquiry.bpmn", "unknown-queue-or-role")
    }
    assert str(findings[0]).startswith("base: bpmn/enquiry.bpmn:")


def test_a_finding_of_merged_manifests_names_the_one_that_says_it(tmp_path: Path) -> None:
    desk = DESK.replace('roles = ["agent"]', 'roles = ["ghost"]')
    core = CORE.replace('source = "text 7"', 'source = "hearsay"')
    findings = read_pack(write_family(tmp_path, desk={"pack.toml": desk}, core={"pack.toml": core})).problems
    assert {(it.file, it.line, it.rule) for it in findings} == {
        ("pack.toml", 6, "unknown-role"),
        ("extends/core/pack.toml", 7, "source"),
    }


def test_two_forms_of_one_id_at_different_paths_are_told(tmp_path: Path) -> None:
    findings = errors_of(write_family(tmp_path, desk={"forms/other.form": FORM % "answer"}))
    assert [(it.file, it.rule) for it in findings] == [("forms/other.form", "twice")]
    assert "core: forms/ask.form" in findings[0].message


def test_a_circle_is_refused_with_its_chain(tmp_path: Path) -> None:
    round_again = BASE.replace("base = true", 'extends = "core"')
    finding = refused(write_family(tmp_path, base={"pack.toml": round_again}))
    assert "desk → core → base → core" in finding.message
    assert (finding.file, finding.line) == ("extends/base/pack.toml", 3)
    own = write_pack(tmp_path / "own", {"pack.toml": 'id = "own"\nextends = "own"\n'})
    assert "own → own" in refused(own).message


def test_a_missing_parent_is_named_with_who_wants_it(tmp_path: Path) -> None:
    desk = write_family(tmp_path, core={"pack.toml": CORE.replace('"base"', '"foundation"')})
    finding = refused(desk)
    assert (finding.file, finding.line, finding.rule) == ("extends/core/pack.toml", 3, "extends")
    assert "“foundation”, on which “core” is built" in finding.message
    assert "beside" in finding.message and "installed" in finding.message


@pytest.mark.parametrize("parent", ["../core", "Core", ""])
def test_what_is_no_id_is_never_looked_for(tmp_path: Path, parent: str) -> None:
    desk = write_family(tmp_path, desk={"pack.toml": DESK.replace('"core"', f'"{parent}"')})
    assert f"extends “{parent}”" in refused(desk).message


def test_a_folder_that_holds_another_pack_is_told(tmp_path: Path) -> None:
    desk = write_family(tmp_path, core={"pack.toml": CORE.replace('id = "core"', 'id = "kernel"')})
    finding = refused(desk)
    assert (finding.file, finding.line) == ("extends/core/pack.toml", 1)
    assert "“core”" in finding.message and "“kernel”" in finding.message


def test_a_parent_that_can_not_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    finding = refused(write_family(tmp_path, base={"pack.toml": "id = "}))
    assert (finding.file, finding.rule) == ("extends/base/pack.toml", "toml")


def test_what_a_pack_does_not_extend_may_not_lie_in_it(tmp_path: Path) -> None:
    desk = write_family(tmp_path, desk={"extends/other/forms/ask.form": FORM % "answer"})
    assert [(it.file, it.rule) for it in read_pack(desk).problems] == [("extends/other", "extends")]
