"""What a customer may send to a process: never what its diagram offers to the desk's own people."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from engine.errors import Conflict
from tests.web.test_actions import FILES
from tests.web.test_portal import link

_DIAGRAM = FILES["bpmn/order.bpmn"].replace(b'name="cancel_wanted"', b'name="cancel_order"')
FORM = "form/cancel_order"
# The action is for customers too, and its message bears no form's name.
_FOR_ALL = FILES["bpmn/order.bpmn"].replace(b'actionGroups="stock"', b'actionGroups="stock, customer"')
CUSTOMERS_TOO: Mapping[str, bytes] = {**FILES, "bpmn/order.bpmn": _FOR_ALL}


@pytest.fixture
def groups() -> bytes:
    """For whom the action is."""
    return b"stock"


@pytest.fixture
def pack_files(groups: bytes) -> Mapping[str, bytes]:
    """Routers are sold, and the message that an action sends bears its form's name, as questions to customers do."""
    meant = _DIAGRAM.replace(b'actionGroups="stock"', b'actionGroups="%s"' % groups)
    return {**FILES, "bpmn/order.bpmn": meant}


@pytest.fixture
def order(office) -> int:
    """A ticket whose router is reserved, so that the order can be cancelled."""
    office.person("sue", "agent", queues=("stock",))
    number = office.open_ticket("One router", process="order")
    office.complete(number, "sue")
    return number


def received(office, number: int) -> int:
    return sum(it.kind == "message_received" for it in office.casepath.reads.trace(office.desk.id, number))


def test_an_action_of_the_desk_is_neither_shown_to_the_customer_nor_taken_from_them(
    visit, office, order
) -> None:
    visitor, here = visit(), link(office, order)
    assert "Why does the customer cancel?" not in visitor.get(here).text
    assert visitor.post(f"{here}/{FORM}", page=here, field__reason="Moved").status_code == 409
    assert received(office, order) == 0


@pytest.mark.parametrize("groups", [b"stock, customer"])
def test_an_action_that_is_for_the_customer_too_is_asked_and_taken(visit, office, order) -> None:
    visitor, here = visit(), link(office, order)
    assert "Why does the customer cancel?" in visitor.get(here).text
    assert visitor.post(f"{here}/{FORM}", page=here, field__reason="Moved").status_code == 302
    assert received(office, order) == 1


class TestByAButton:
    """An action whose message is no question has a page of its own."""

    @pytest.fixture
    def pack_files(self) -> Mapping[str, bytes]:
        """Routers are sold, and customers may cancel their order."""
        return CUSTOMERS_TOO

    def button(self, visitor, here: str) -> str:
        found = re.search(
            r'href="(/follow/[^"]+/do/[^"]+)"[^>]*>Cancel the order</a>', visitor.get(here).text
        )
        assert found is not None
        return found[1]

    def test_the_customer_reads_what_will_happen_and_does_it_once(self, visit, office, order) -> None:
        visitor, here = visit(), link(office, order)
        there = self.button(visitor, here)
        page = visitor.get(there).text
        assert "Nothing is paid back: nothing was charged yet." in page
        assert "You can do this until the step “Ship the router”." in page
        refused = visitor.post(there, page=there, field__reason="")
        assert refused.status_code == 422
        answer = visitor.post(there, page=there, field__reason="Moved")
        assert (answer.status_code, answer.location) == (302, here)
        assert office.task(order).name == "Put the router back"
        assert visitor.post(there, page=here, field__reason="Moved").status_code == 404
        assert received(office, order) == 1

    def test_what_is_for_the_desk_alone_has_no_button_and_no_page(self, visit, office, order) -> None:
        visitor, here = visit(), link(office, order)
        assert "Customer called" not in visitor.get(here).text
        offers = office.casepath.looks.offers(office.desk.id, order)
        (called,) = [it for it in offers if it.element.id == "called"]
        assert visitor.get(f"{here}/do/{called.subscription}").status_code == 404

    def test_the_action_of_another_ticket_is_none_of_this_one(self, visit, office, order) -> None:
        other = office.open_ticket("Another router", process="order")
        offers = office.casepath.looks.offers(office.desk.id, other)
        (cancel,) = [it for it in offers if it.element.id == "cancel_wanted"]
        assert visit().get(f"{link(office, order)}/do/{cancel.subscription}").status_code == 404

    def test_who_is_a_moment_too_late_is_told_so_and_keeps_the_words(
        self, visit, office, order, monkeypatch
    ) -> None:
        visitor, here = visit(), link(office, order)
        there = self.button(visitor, here)
        visitor.get(there)

        def gone(_command: object) -> None:
            raise Conflict("Expected ticket 1 to offer this still, but it went on meanwhile.")

        monkeypatch.setattr(office.casepath.engine, "handle", gone)
        answer = visitor.post(there, page=there, field__reason="Moved")
        assert answer.status_code == 409
        assert "it went on meanwhile. What you typed is kept below." in answer.text
        assert 'value="Moved"' in answer.text
