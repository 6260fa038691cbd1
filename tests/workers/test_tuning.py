"""Changing settings: a version with author and note, for new tickets or for open ones too; nothing else changes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput
from engine.runtime.commands import Actor
from engine.workers.adopter import Adopter
from tests.office import Office
from tests.workers.test_adopter import HOUR, TWO_STEPS, begun, deploy, files

OLGA = Actor("person", "00000000-0000-0000-0000-000000000001", "Olga")


def change(office: Office, values: dict[str, Any], *, note: str = "As agreed", for_open: bool = False) -> Any:
    return office.casepath.tuning.change(office.desk_id, "wk", values, OLGA, note=note, for_open=for_open)


def lead_times(office: Office) -> list[float]:
    """How many hours before its due moment each ticket warns, in order of the tickets."""
    rows = office.rows("SELECT warn_at, due_at FROM goal_clock ORDER BY ticket_number")
    return [(due - warn) / HOUR for warn, due in rows]


def value(office: Office) -> Decimal:
    (tuned,) = office.casepath.tuning.settings(office.desk_id, "wk")
    return tuned.setting.value


def test_running_tickets_keep_what_they_were_promised(office: Office) -> None:
    adopter = begun(office)
    office.open()
    change(office, {"warn": 25})
    assert adopter.look() == 0
    office.open()
    assert lead_times(office) == [12, 18]


def test_whoever_changes_it_may_say_that_it_is_for_open_tickets_too(office: Office) -> None:
    adopter = begun(office)
    office.open()
    change(office, {"warn": 25}, for_open=True)
    assert adopter.look() == 1
    assert lead_times(office) == [18]


def test_new_hours_reach_a_ticket_that_keeps_its_settings(office: Office) -> None:
    adopter = begun(office)
    office.open()
    before: datetime = office.rows("SELECT due_at FROM goal_clock")[0][0]
    change(office, {"warn": 25})
    deploy(office, files(open_until="12:00"))
    assert adopter.look() == 1
    assert office.rows("SELECT due_at FROM goal_clock")[0][0] > before
    assert lead_times(office)[0] < 60  # half of the target by working hours, not three quarters
    assert office.rows("SELECT terms_id IS NOT NULL, settings_id IS NOT NULL FROM instance") == [(True, True)]
    assert adopter.look() == 0


def test_the_latest_change_says_whether_open_tickets_get_it(office: Office) -> None:
    adopter = begun(office)
    office.open()
    change(office, {"warn": 25})
    change(office, {"warn": 75}, for_open=True)
    assert adopter.look() == 1
    assert lead_times(office) == [6]


def test_a_later_deployment_takes_nothing_back(office: Office) -> None:
    begun(office)
    change(office, {"warn": 25})
    deploy(office, files(diagram=TWO_STEPS))
    assert value(office) == 25
    change(office, {"warn": None})
    assert value(office) == 50


def test_what_a_newer_pack_can_not_have_is_told(office: Office) -> None:
    begun(office)
    change(office, {"warn": 25})
    newer = files()
    newer["pack.toml"] = newer["pack.toml"].replace(b'"warn" =', b'"alarm" =').replace(b'"warn"', b'"alarm"')
    deployed = office.casepath.deployments.deploy(office.desk_id, newer, OLGA)
    assert deployed.lost == {"warn": "Expected a setting of the pack, but it has no “warn”. It has: alarm."}


def test_a_change_makes_no_version_and_leaves_a_bundle_a_bundle(office: Office) -> None:
    begun(office)
    deployments, desk = office.casepath.deployments, office.desk_id
    bundled = files(warn=60)
    deployments.deploy(desk, bundled, OLGA, origin="bundle")
    versions = office.rows("SELECT count(*) FROM process_version")
    change(office, {"warn": 25})
    assert office.rows("SELECT count(*) FROM process_version") == versions
    assert deployments.deploy_bundle(desk, bundled, OLGA) is None
    assert deployments.deploy_bundle(desk, files(warn=60, diagram=TWO_STEPS), OLGA) is not None
    assert value(office) == 25


@pytest.mark.parametrize(
    ("values", "note", "field", "sentence"),
    [
        ({"warn": "a lot"}, "As agreed", "warn", "Expected a number for “warn”"),
        ({"warn": 120}, "As agreed", "warn", "Expected 0 to 100 %"),
        ({"wran": 20}, "As agreed", "wran", "it has no “wran”"),
        ({"warn": 25}, "  ", "note", "a note that says why"),
        ({"warn": 50}, "As agreed", "warn", "it is the present one"),
    ],
)
def test_a_change_that_can_not_be_is_refused_at_its_field(
    office: Office, values: dict[str, Any], note: str, field: str, sentence: str
) -> None:
    begun(office)
    with pytest.raises(InvalidInput) as refusal:
        change(office, values, note=note)
    assert sentence in refusal.value.fields[field]


def test_every_change_is_told_with_author_note_and_both_values(office: Office) -> None:
    begun(office)
    change(office, {"warn": 25}, note="Too late until now")
    change(office, {"warn": 30}, note="A little too early", for_open=True)
    told = office.casepath.tuning.changes(office.desk_id, "wk")
    assert [(it.by, it.note, it.for_open, dict(it.values)) for it in told] == [
        ("Olga", "A little too early", True, {"warn": (Decimal(25), Decimal(30))}),
        ("Olga", "Too late until now", False, {"warn": (Decimal(50), Decimal(25))}),
    ]


def test_where_a_setting_is_used_is_known(office: Office) -> None:
    begun(office)
    (tuned,) = office.casepath.tuning.settings(office.desk_id, "wk")
    assert [(it.file, it.place) for it in tuned.uses] == [("pack.toml", "goal resolution")]


def test_two_who_change_at_once_are_told_apart(office: Office) -> None:
    begun(office)
    store = office.casepath.store
    newest = store.catalogue.latest(office.desk_id, "wk")
    change(office, {"warn": 25})
    store.catalogue.latest = lambda *_: newest  # as the second saw it
    with pytest.raises(Conflict):
        change(office, {"warn": 30})


def test_an_adopter_that_never_looked_finds_all_of_it(office: Office) -> None:
    begun(office)
    office.open()
    change(office, {"warn": 25}, for_open=True)
    change(office, {"warn": 30})
    again = Adopter(office.casepath.engine, office.casepath.store)
    assert again.look() == 0  # the latest change is for new tickets only, and the one before it was overtaken


def test_what_was_changed_is_read_from_manifests_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page of settings asks for it, and each deployment holds hundreds of files."""
    begun(office)
    for warn in (25, 30, 35):
        deploy(office, files(diagram=TWO_STEPS))
        change(office, {"warn": warn})
    tuning, catalogue = office.casepath.tuning, office.casepath.store.catalogue
    tuning.settings(office.desk_id, "wk")

    def read_whole(*_: object) -> None:
        raise AssertionError("a whole deployment was read")

    monkeypatch.setattr(catalogue, "snapshot", read_whole)
    told = [dict(it.values)["warn"] for it in tuning.changes(office.desk_id, "wk")]
    assert told == [(30, 35), (25, 30), (50, 25)]
    assert value(office) == 35
