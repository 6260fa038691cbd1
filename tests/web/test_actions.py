"""Buttons for what the diagram accepts now: seen by whom they are for, confirmed on a page, done once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.catalog.pack import read_pack
from tests.web.conftest import Office

FILES = read_pack(Path(__file__).parent / "packs" / "orders").files


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """The office sells routers."""
    return FILES


@pytest.fixture
def order(office: Office) -> int:
    """A ticket whose router is reserved."""
    office.person("sue", "agent", queues=("stock",))
    number = office.open_ticket("One router", process="order")
    office.complete(number, "sue")
    return number


def buttons(visitor, number: int) -> dict[str, str]:
    """Return the addresses of the actions on a ticket's page, by their labels."""
    page = visitor.get(f"/tickets/{number}").text
    return {label: url for url, label in re.findall(r'href="(/actions/[^"]+)"[^>]*>([^<]+)</a>', page)}


def test_the_ticket_shows_what_its_diagram_accepts_from_this_person(visit, order) -> None:
    assert list(buttons(visit("sue"), order)) == ["Cancel the order", "Customer called"]
    assert list(buttons(visit("ben", queues=("front",)), order)) == ["Customer called"]
    assert buttons(visit("ada", "auditor"), order) == {}


def test_before_it_is_done_the_page_says_what_will_happen_and_be_taken_back(visit, order) -> None:
    visitor = visit("sue")
    page = visitor.get(buttons(visitor, order)["Cancel the order"]).text
    assert "Nothing is paid back: nothing was charged yet." in page
    assert re.search(r"Reserve the router:\s*<strong>Put the router back</strong>", page)
    assert "The router is for others again." in page
    assert "the step “Ship the router”. After that it can no longer be done." in page
    assert "can be cancelled free of charge" in page


def test_it_is_done_with_its_form_and_then_no_longer_offered(visit, office, order) -> None:
    visitor = visit("sue")
    here = buttons(visitor, order)["Cancel the order"]
    refused = visitor.post(here, page=here, **{"field:reason": ""})
    assert refused.status_code == 422
    assert "Why does the customer cancel?" in refused.text
    answer = visitor.post(here, page=here, **{"field:reason": "Moved abroad"})
    assert (answer.status_code, answer.location) == (302, f"/tickets/{order}")
    assert office.task(order).name == "Put the router back"
    assert buttons(visitor, order) == {}
    trail = office.casepath.reads.trace(office.desk.id, order)
    (received,) = [it for it in trail if it.kind == "message_received"]
    assert (received.data["action"], received.actor.name) == ("Cancel the order", "Sue")


def test_who_it_is_not_for_reads_what_it_would_do_and_is_refused(visit, order) -> None:
    here = buttons(visit("sue"), order)["Cancel the order"]
    other = visit("ben", queues=("front",))
    page = other.get(here).text
    assert "This is for stock." in page
    assert "field-field:reason" not in page
    assert other.post(here, page=f"/tickets/{order}", **{"field:reason": "I want it"}).status_code == 403


def test_a_second_click_does_it_once_and_a_late_one_is_told(visit, office, order) -> None:
    first, second = visit("sue"), visit("lea", "lead")
    here = buttons(first, order)["Cancel the order"]
    form = second.get(here).text
    assert first.post(here, page=here, **{"field:reason": "Moved"}).status_code == 302
    late = second.post(here, page=f"/tickets/{order}", **{"field:reason": "Moved, too"})
    assert late.status_code in (404, 409)
    assert "went on meanwhile" in late.text
    assert form


def test_a_thing_that_interrupts_nothing_can_be_done_again(visit, office, order) -> None:
    visitor = visit("sue")
    for _ in range(2):
        here = buttons(visitor, order)["Customer called"]
        assert visitor.post(here, page=here).status_code == 302
    tasks = office.casepath.reads.tasks(office.desk.id, ticket=order, state="open").items
    assert sorted(it.name for it in tasks) == [
        "Call the customer back",
        "Call the customer back",
        "Ship the router",
    ]
