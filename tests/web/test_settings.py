"""The settings page: every number with its unit, source and uses; a change has an author, a note, and a reach."""

from __future__ import annotations

import pytest

from engine.catalog.pack import read_pack
from tests.web.conftest import PACKS
from tests.web.test_api import Program

KEY = "/settings/confirm.remind_after"
FILES = read_pack(PACKS / "generic_desk").files
IN_SHARES = {**FILES, "pack.toml": FILES["pack.toml"].replace(b'unit = "%"', b'unit = "in % of it"')}


def test_everybody_reads_each_setting_with_unit_source_and_uses(visit) -> None:
    page = visit("ann").get("/settings").text
    assert "Remind to confirm" in page
    assert "48 hours (PT48H)" in page
    assert "text L34: 48-72 hours" in page
    here = visit("ann").get(KEY).text
    assert "Wait for a confirmation<br>" in here
    assert "dmn/confirmation.dmn" in here
    assert "Owners can change it." in here


def test_an_owner_changes_one_with_a_note_for_new_tickets(visit, office) -> None:
    office.open_ticket()
    visitor = visit("olga", "owner")
    assert "1 ticket is open now" in visitor.get(KEY).text
    answer = visitor.post(KEY, page=KEY, value="PT50H", note="Weekends", for_open="no")
    assert (answer.status_code, answer.location) == (302, KEY)
    page = visitor.get(KEY).text
    assert "50 hours (PT50H)" in page
    assert "48 hours (PT48H) → <strong>50 hours (PT50H)</strong>" in page
    assert "for new tickets" in page
    assert "Weekends" in page
    assert "changed; the pack says 48 hours (PT48H)" in visitor.get("/settings").text
    assert office.version() == 1


@pytest.mark.parametrize("pack_files", [IN_SHARES])
def test_a_unit_that_begins_with_in_is_told_with_one(visit) -> None:
    page = visit("olga", "owner").get("/settings/sla.warn_pct").text
    assert "In % of it" in page
    assert "In in" not in page


def test_the_packs_own_value_is_taken_again(visit) -> None:
    visitor = visit("olga", "owner")
    visitor.post(KEY, page=KEY, value="PT50H", note="Weekends", for_open="yes")
    visitor.post(KEY, page=KEY, intent="reset", note="It was fine before")
    assert "changed; the pack says" not in visitor.get("/settings").text
    assert "It was fine before" in visitor.get("/settings").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": "two days", "note": "Why not"}, "Expected a duration such as PT48H or P14D"),
        ({"value": "PT48H", "note": "Why not"}, "Expected another value, but it is the present one."),
        ({"value": "PT50H", "note": " "}, "Expected a note that says why, but it is empty."),
    ],
)
def test_a_wrong_change_is_told_at_its_field_and_keeps_what_was_typed(visit, fields, sentence) -> None:
    answer = visit("olga", "owner").post(KEY, page=KEY, for_open="yes", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{fields["value"]}"' in answer.text
    assert 'value="yes" checked' in answer.text


def test_who_is_no_owner_can_not_change_it_and_an_unknown_one_is_none(visit) -> None:
    assert visit("ann").post(KEY, page="/account", value="PT50H", note="Weekends").status_code == 403
    assert visit("ann").get("/settings/nothing").status_code == 404


def test_a_change_that_breaks_the_pack_says_why(visit) -> None:
    here = "/settings/sla.calendar"
    answer = visit("olga", "owner").post(here, page=here, value="at_night", note="Quieter")
    assert answer.status_code == 422
    assert "Expected one of" in answer.text


def test_settings_are_read_and_changed_by_the_api(app, office) -> None:
    program = Program(app, office, "olga", "owner")
    found = {it["key"]: it for it in program.ask("list_settings").json["items"]}
    assert found["confirm.remind_after"]["value"] == "PT48H"
    change = {"values": {"sla.warn_pct": 80}, "note": "Later", "for_open": True}
    changed = {it["key"]: it for it in program.ask("change_settings", change).json["items"]}
    assert (changed["sla.warn_pct"]["value"], changed["sla.warn_pct"]["given"]) == (80, 75)
    wrong = program.ask("change_settings", {**change, "values": {"sla.warn_pct": 180}})
    assert wrong.status_code == 422
    assert "0 to 100 %" in wrong.text
