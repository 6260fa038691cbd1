"""Incidents on the command line: listed, shown, and each repair, by somebody who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.test_command_line import Run, facts, run

__all__ = ["run"]
PACK = Path("tests/web/packs/callback")


@pytest.fixture
def halted(run: Run) -> Run:
    """An installation with a ticket whose pause is no length of time."""
    assert run("deploy", PACK)[0] == 0
    given = ("--subject", "Call me", "--name", "Cara", "--fields", '{"pause": "soon"}')
    assert run("ticket", "new", *given)[0] == 0
    return run


def only_incident(run: Run, *flags: str) -> dict[str, object]:
    (incident,) = facts(run, "incident", "list", *flags)  # type: ignore[misc]
    found: dict[str, object] = incident
    return found


def test_an_incident_is_listed_and_shown_with_what_is_seen_there(halted: Run) -> None:
    incident = only_incident(halted)
    assert (incident["element"], incident["kind"]) == ("pause", "element")
    shown = facts(halted, "incident", "show", incident["id"])
    assert shown["variables"]["pause"] == "soon"  # type: ignore[index]
    text = halted("incident", "show", incident["id"])[1]
    assert "soon" in text and "Note the outcome" in text
    assert '"subject": "Call me"' in text
    assert "pause" in halted("incident", "list")[1]


def test_it_is_tried_again_with_a_changed_variable(halted: Run) -> None:
    incident = only_incident(halted)
    done = halted("incident", "retry", incident["id"], "--variables", '{"pause": "PT1H"}')
    assert done == (0, "", "")
    assert facts(halted, "incident", "list") == []
    assert only_incident(halted, "--all")["how"] == "retried"


def test_what_stands_again_is_told_with_its_new_incident(halted: Run) -> None:
    status, out, err = halted("incident", "retry", only_incident(halted)["id"], "--variables", '{"pause": 7}')
    again = only_incident(halted)
    assert (status, err) == (1, "")
    assert out == f"It stands again, incident {again['id']}: {again['message']}\n"


def test_it_is_skipped_moved_and_cancelled_with_a_reason(halted: Run) -> None:
    first = only_incident(halted)
    assert halted("incident", "skip", first["id"], "--reason", "No pause") == (0, "", "")
    (task,) = facts(halted, "task", "list")  # type: ignore[misc]
    assert task["element"] == "call"
    halted("ticket", "new", "--subject", "B", "--name", "Cara", "--fields", '{"pause": 1}')
    second = only_incident(halted)
    assert halted("incident", "move", second["id"], "--to", "note", "--reason", "Done by mail") == (0, "", "")
    assert {it["element"] for it in facts(halted, "task", "list")} == {"call", "note"}  # type: ignore[attr-defined]
    halted("ticket", "new", "--subject", "C", "--name", "Cara", "--fields", '{"pause": 1}')
    third = only_incident(halted)
    assert halted("incident", "cancel", third["id"], "--reason", "Opened twice") == (0, "", "")
    assert facts(halted, "incident", "list") == []


def test_only_a_lead_repairs_and_wrong_wishes_are_told_in_one_sentence(halted: Run) -> None:
    incident = only_incident(halted)
    halted("user", "add", "ann", "--name", "Ann", "--role", "agent")
    status, out, err = halted("incident", "retry", incident["id"], "--as", "ann")
    assert (status, out) == (1, "")
    assert err == "casepath: Expected a lead to look after incidents, but Ann is none.\n"
    status, _, err = halted("incident", "move", incident["id"], "--to", "nowhere", "--reason", "r")
    assert (status, "there is no 'nowhere' in it" in err) == (1, True)
    status, _, err = halted("incident", "retry", incident["id"], "--variables", "12")
    assert (status, "to be a JSON object" in err) == (1, True)
