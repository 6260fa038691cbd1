"""Actions: what the diagram offers people while it waits for a message, and who may take it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Forbidden, InvalidInput, NotFound, Refused
from engine.forms import Form
from engine.runtime.commands import CompleteTask, DeliverMessage, TakeAction
from engine.runtime.handlers import ActionOver
from tests.parts.runtime.worlds import ANN, BEN, CUSTOMER, LEAD, MONDAY, Desk, kinds, only
from tests.parts.spiff.drawing import draw, event_sub, message, node, on, on_message

HOUR = timedelta(hours=1)
OFFER = {
    "casepath_action": "Refund",
    "casepath_actionForm": "refund",
    "casepath_actionGroups": "billing, customer",
}
FORM = Form.read(
    b'{"type": "default", "id": "refund", "components": [{"type": "number", "id": "n", "key": "amount",'
    b' "label": "Amount", "validate": {"required": true, "min": 1}}]}',
    "refund.form",
)
REFUND = event_sub(
    "refunding",
    f"{node('start', 'wanted', on('message', 'm'), isInterrupting='false', **OFFER)}; user pay; end paid",
    "wanted>pay>paid",
    prefix="r",
)
OFFERING = draw(
    f"start s; user work; {on_message('called', 'work', 'c')}; user note; end e; end x; {REFUND}",
    "s>work>e called>note>x",
    message("m", "refund_wanted") + message("c", "customer_called"),
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(OFFERING, forms={"refund": FORM})
    desk.open()
    return desk


def test_an_action_hands_its_form_to_the_catcher_and_is_offered_again(desk: Desk) -> None:
    offered = desk.opened("wanted")
    person = LEAD
    advanced = desk.take(
        TakeAction, MONDAY + HOUR, actor=person, subscription_id=offered, fields={"amount": "5"}
    )
    received = only(advanced, "message_received")
    assert (received.data["action"], received.data["name"]) == ("Refund", "refund_wanted")
    assert only(advanced, "task_opened").data["element"] == "pay"
    again = desk.take(
        TakeAction, MONDAY + HOUR, actor=person, subscription_id=offered, fields={"amount": "7"}
    )
    assert "task_opened" in kinds(again)


def test_a_wrong_field_is_refused_by_its_name(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.take(
            TakeAction, MONDAY, actor=LEAD, subscription_id=desk.opened("wanted"), fields={"amount": "0"}
        )
    assert "amount" in refusal.value.fields


def test_an_action_is_for_the_groups_that_it_names(desk: Desk) -> None:
    offered = desk.opened("wanted")
    with pytest.raises(Forbidden, match="billing"):
        desk.take(TakeAction, MONDAY, actor=BEN, subscription_id=offered, fields={"amount": "5"})
    advanced = desk.take(TakeAction, MONDAY, actor=CUSTOMER, subscription_id=offered, fields={"amount": "5"})
    assert only(advanced, "message_received").actor == CUSTOMER


def test_what_offers_no_action_is_no_button(desk: Desk) -> None:
    with pytest.raises(Refused, match="other ways"):
        desk.take(TakeAction, MONDAY, actor=ANN, subscription_id=desk.opened("called"))


def test_the_name_of_its_message_is_no_way_around_the_groups(desk: Desk) -> None:
    with pytest.raises(Forbidden, match="billing"):
        desk.take(DeliverMessage, MONDAY, actor=BEN, ticket=1, name="refund_wanted", payload={"amount": 5})
    assert desk.take(
        DeliverMessage, MONDAY, actor=LEAD, ticket=1, name="refund_wanted", payload={"amount": 5}
    )


def test_who_comes_after_the_ticket_went_on_is_told(desk: Desk) -> None:
    offered, task = desk.opened("wanted"), desk.opened("work")
    desk.take(CompleteTask, MONDAY, task_id=task)
    with pytest.raises((ActionOver, NotFound)):
        desk.take(TakeAction, MONDAY, actor=LEAD, subscription_id=offered, fields={"amount": "5"})
