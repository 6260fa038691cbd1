"""Service tasks in rehearsals: answered by what is given, else by the pack's own handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.catalog.pack import read_pack
from tests.stories.conftest import Desk

FILES = read_pack(Path(__file__).resolve().parents[1] / "packs" / "credit_check").files
MakeDesk = Callable[[Mapping[str, bytes]], Desk]


def kinds(desk: Desk, ticket: int) -> list[str]:
    return [event.kind for _, event in desk.stage.events[ticket]]


def test_the_packs_own_handler_answers(desk_of: MakeDesk) -> None:
    desk = desk_of(FILES)
    ticket = desk.opens(fields={"customer": "Ann"})
    assert desk.status(ticket) == "closed"
    assert "service_completed" in kinds(desk, ticket)


def test_what_is_given_answers_instead_of_the_handler(desk_of: MakeDesk) -> None:
    desk = desk_of(FILES)
    desk.stage.answers = {"credit": {"limit": 7}}
    ticket = desk.opens(fields={"customer": "nobody"})
    assert desk.status(ticket) == "closed"


def test_a_handler_that_fails_leaves_an_incident(desk_of: MakeDesk) -> None:
    desk = desk_of(FILES)
    ticket = desk.opens(fields={"customer": "nobody"})
    assert desk.status(ticket) == "new"
    opened = [event for _, event in desk.stage.events[ticket] if event.kind == "incident_opened"]
    assert [event.values["message"] for event in opened] == ["LookupError: no such customer"]
