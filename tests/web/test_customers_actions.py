"""What a customer may send to a process: never what its diagram offers to the desk's own people."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.web.test_actions import FILES
from tests.web.test_portal import link

_DIAGRAM = FILES["bpmn/order.bpmn"].replace(b'name="cancel_wanted"', b'name="cancel_order"')
FORM = "form/cancel_order"


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
