"""Tickets that belong together: linked through the one door, told on both sides, and never in a circle."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from engine.catalog.pack import read_pack
from engine.errors import InvalidInput
from engine.runtime.commands import LinkTicket
from tests.stories.conftest import GENERIC_DESK, Desk

TRIAGE = "forms/triage.form"


@pytest.fixture
def merging(desk: Desk) -> Desk:
    """The bundled desk, whose triage links the ticket to the one that it is merged with."""
    files = dict(read_pack(GENERIC_DESK).files)
    form = json.loads(files[TRIAGE])
    (field,) = [it for it in form["components"] if it.get("key") == "duplicate_of"]
    field["properties"] = {"link": "duplicate_of"}
    desk.deploy({**files, TRIAGE: json.dumps(form).encode()})
    return desk


def merges(desk: Desk, ticket: int, other: Any) -> None:
    desk.completes(ticket, "triage", disposition="duplicate", duplicate_of=other)


def links(desk: Desk, ticket: int) -> list[tuple[str, bool, int]]:
    return [(it.kind, it.outward, it.number) for it in desk.reads.links(desk.stage.desk_id, ticket)]


def links_by_hand(desk: Desk, ticket: int, kind: str, other: int) -> None:
    agent = desk.stage.person("Kim", ["agent"], [])
    desk.stage.handle(
        LinkTicket(id=uuid4(), desk_id=desk.stage.desk_id, actor=agent, ticket=ticket, kind=kind, other=other)
    )


def test_a_merge_links_both_tickets_and_stands_in_the_trail(merging: Desk) -> None:
    first, second = merging.opens(), merging.opens()
    merges(merging, second, first)
    assert merging.status(second) == "closed"
    assert links(merging, second) == [("duplicate_of", True, first)]
    assert links(merging, first) == [("duplicate_of", False, second)]
    (event,) = [it for _, it in merging.stage.events[second] if it.kind == "ticket_linked"]
    assert event.data == {"kind": "duplicate_of", "other": first, "field": "duplicate_of"}
    assert event.actor.name == "Kim"
    assert merging.reads.verify_desk(merging.stage.desk_id).ok


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (99, "Expected the number of a ticket of this desk, but there is no ticket 99."),
        (1, "Expected the number of another ticket, but 1 is this one."),
        (0, "Expected the number of a ticket, but got 0."),
        ("1.5", "Expected the number of a ticket, but got 1.5."),
        (2**31, "Expected the number of a ticket, but got 2147483648."),
    ],
)
def test_a_merge_with_what_is_no_other_ticket_is_refused_at_its_field(
    merging: Desk, number: Any, sentence: str
) -> None:
    ticket = merging.opens()
    with pytest.raises(InvalidInput) as refusal:
        merges(merging, ticket, number)
    assert refusal.value.fields == {"duplicate_of": sentence}
    assert merging.tasks(ticket) == ["triage"]
    assert links(merging, ticket) == []


def test_a_merge_that_leads_back_is_refused_however_long_the_way(merging: Desk) -> None:
    one, two, three = (merging.opens() for _ in range(3))
    merges(merging, three, two)
    merges(merging, two, one)
    with pytest.raises(InvalidInput) as refusal:
        merges(merging, one, three)
    sentence = "Expected a ticket that doesn't lead back to this one, but ticket 3 does."
    assert refusal.value.fields == {"duplicate_of": sentence}


def test_what_is_named_and_then_hidden_links_nothing(merging: Desk) -> None:
    ticket = merging.opens()
    merging.opens()
    merging.completes(ticket, "triage", category="bug_report", impact="low", urgency="low", duplicate_of=2)
    assert links(merging, ticket) == []


def test_a_circle_is_one_kind_of_link_alone(desk: Desk) -> None:
    one, two = desk.opens(), desk.opens()
    links_by_hand(desk, one, "caused_by", two)
    links_by_hand(desk, two, "follows", one)
    assert links(desk, one) == [("caused_by", True, two), ("follows", False, two)]
    with pytest.raises(InvalidInput, match="lead back"):
        links_by_hand(desk, two, "caused_by", one)


def test_a_link_that_is_named_twice_stands_once(desk: Desk) -> None:
    one, two = desk.opens(), desk.opens()
    for _ in range(2):
        links_by_hand(desk, one, "caused_by", two)
    assert links(desk, one) == [("caused_by", True, two)]


def test_a_closed_ticket_can_be_linked(desk: Desk) -> None:
    one, two = desk.opens(), desk.opens()
    desk.completes(one, "triage", disposition="spam")
    links_by_hand(desk, one, "caused_by", two)
    assert links(desk, two) == [("caused_by", False, one)]


def test_an_unknown_kind_of_link_is_refused(desk: Desk) -> None:
    one, two = desk.opens(), desk.opens()
    with pytest.raises(
        InvalidInput, match="Expected one of follows, duplicate_of, caused_by, but got 'likes'"
    ):
        links_by_hand(desk, one, "likes", two)


def test_a_ticket_is_opened_as_one_that_follows_another(desk: Desk) -> None:
    first = desk.opens()
    second = desk.opens(follows=first)
    assert links(desk, second) == [("follows", True, first)]
    with pytest.raises(InvalidInput, match="there is no ticket 99"):
        desk.opens(follows=99)
