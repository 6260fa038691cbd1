"""What a customer writes when the ticket is closed: the process that waits gets it, else a new ticket follows."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine.errors import InvalidInput
from engine.looking import Looks
from engine.replying import Replies
from engine.runtime.commands import Actor, AddEntry
from tests.stories.conftest import Desk
from tests.web.test_portal_confirms import ASKS_AGAIN, MANIFEST


def words(desk: Desk, ticket: int, body: str = "It is back.", id: UUID | None = None) -> AddEntry:
    asks = desk.reads.ticket(desk.stage.desk_id, ticket).requester_id
    customer = Actor("customer", str(asks), "Ann Meyer")
    return AddEntry(
        id=id or uuid4(), desk_id=desk.stage.desk_id, actor=customer, ticket=ticket, kind="reply", public=True,
        body=body,
    )  # fmt: skip


def writes(desk: Desk, ticket: int, body: str = "It is back.", id: UUID | None = None) -> int:
    replies = Replies(desk.stage.store, desk.stage.worlds, desk.stage.handle)
    return replies.take(words(desk, ticket, body, id), "web_form").ticket_number


def entries(desk: Desk, ticket: int) -> list[str]:
    return [it.body for it in desk.reads.entries(desk.stage.desk_id, ticket)]


@pytest.fixture
def ended(desk: Desk) -> int:
    """A ticket that is closed, and its process over."""
    ticket = desk.opens("Export fails")
    desk.completes(ticket, "triage", disposition="spam")
    assert desk.status(ticket) == "closed"
    return ticket


def test_words_on_an_ended_ticket_open_one_that_follows_it(desk: Desk, ended: int) -> None:
    new = writes(desk, ended)
    ticket, old = (desk.reads.ticket(desk.stage.desk_id, it) for it in (new, ended))
    assert (ticket.subject, ticket.description, ticket.status) == ("Export fails", "It is back.", "new")
    assert ticket.requester_id == old.requester_id
    assert entries(desk, ended) == []
    (link,) = desk.reads.links(desk.stage.desk_id, new)
    assert (link.kind, link.outward, link.number) == ("follows", True, ended)
    assert desk.tasks(new) == ["triage"]
    assert desk.reads.verify_desk(desk.stage.desk_id).ok


def test_the_same_words_open_one_ticket_however_often_they_come(desk: Desk, ended: int) -> None:
    id = uuid4()
    assert {writes(desk, ended, id=id) for _ in range(3)} == {ended + 1}
    writes(desk, ended)
    assert len(desk.stage.opened) == 3


def test_the_process_of_the_new_ticket_knows_which_one_it_follows(desk: Desk, ended: int) -> None:
    new = writes(desk, ended)
    (opened,) = [it for _, it in desk.stage.events[new] if it.kind == "ticket_opened"]
    assert opened.actor.kind == "customer"
    task = desk.task(new, "triage")
    seen = Looks(desk.stage.store, desk.stage.worlds, desk.stage.clock).task_variables(
        desk.stage.desk_id, task
    )
    assert seen["ticket"]["follows"] == ended


def test_words_on_an_open_ticket_stay_there_though_nobody_waits_for_them(desk: Desk) -> None:
    ticket = desk.opens()
    assert writes(desk, ticket, "One more thing.") == ticket
    assert entries(desk, ticket) == ["One more thing."]


def closed_but_waiting(desk: Desk, message: bytes) -> int:
    """Return a closed ticket whose process still waits for a message."""
    state = b'xmlns:casepath="https://casepath.dev/bpmn/1" casepath:state="closed" id="hear" name'
    diagram = ASKS_AGAIN.replace(b'id="hear" name', state).replace(b'"customer_reply"', b'"' + message + b'"')
    manifest = MANIFEST.replace(b'new = "New"', b'new = "New"\nclosed = "Closed"')
    desk.deploy({"pack.toml": manifest, "bpmn/asks_again.bpmn": diagram})
    ticket = desk.opens()
    desk.confirms(ticket)
    assert desk.status(ticket) == "closed"
    return ticket


def test_words_reach_a_closed_ticket_whose_process_waits_for_them(desk: Desk) -> None:
    ticket = closed_but_waiting(desk, b"customer_reply")
    assert writes(desk, ticket) == ticket
    assert desk.path(ticket)[-1] == "over"
    assert writes(desk, ticket) != ticket


def test_words_on_a_closed_ticket_that_waits_for_something_else_open_one_that_follows(desk: Desk) -> None:
    ticket = closed_but_waiting(desk, b"survey_answer")
    assert writes(desk, ticket) != ticket
    assert entries(desk, ticket) == []


def test_empty_words_open_nothing(desk: Desk, ended: int) -> None:
    with pytest.raises(InvalidInput):
        writes(desk, ended, "  ")
    assert desk.stage.opened == [ended]
