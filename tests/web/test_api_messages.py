"""Messages by key and signals by the API: what came of them, and what can't be sent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from engine.people import operator
from tests.office import MANIFEST
from tests.parts.spiff.drawing import declared, draw, message, node, on
from tests.web.test_api import Program

PAID = message("m", "paid", "=order")
WAITING = draw(f"start s; {node('receive', 'wait', messageRef='m')}; user work; end e", "s>wait>work>e", PAID)
LISTENING = draw(
    f"start s; {node('catch', 'wait', on('signal', 'down'))}; end e",
    "s>wait>e",
    declared("signal", "down"),
    key="q",
)


@pytest.fixture
def shop(app: Flask, office) -> Program:
    files = {"pack.toml": MANIFEST, "bpmn/p.bpmn": WAITING, "bpmn/q.bpmn": LISTENING}
    office.casepath.deployments.deploy(office.desk.id, files, operator())
    return Program(app, office, "shop", "agent")


def opened(office, order: str) -> int:
    return office.open_ticket(process="p", fields={"order": order})


def test_a_message_by_key_says_who_took_it(shop: Program, office) -> None:
    number = opened(office, "A-1")
    paid = {"name": "paid", "correlation": {"key": "A-1"}, "payload": {"amount": 12.5}, "id": "payment 99"}
    answer, again = shop.ask("send_message", paid).json, shop.ask("send_message", paid).json
    assert (answer["state"], answer["ticket"], answer["repeated"]) == ("delivered", number, False)
    assert again == {**answer, "repeated": True}
    other = shop.ask("send_message", {**paid, "payload": {"amount": 13}})
    assert other.status_code == 409


def test_a_message_that_nobody_waits_for_is_listed_until_somebody_does(shop: Program, office) -> None:
    paid = {"name": "paid", "correlation": {"key": "A-2"}, "time_to_live": "PT2H"}
    answer = shop.ask("send_message", paid, once="x").json
    assert (answer["state"], answer["ticket"]) == ("waiting", None)
    assert shop.ask("send_message", paid, once="x").json["repeated"]
    (listed,) = shop.ask("list_messages", query={"state": "waiting"}).json["items"]
    assert (listed["name"], listed["key"], listed["sent_by"]) == ("paid", "A-2", "Shop")
    assert shop.ask("list_messages", query={"state": "expired"}).json["items"] == []
    number = opened(office, "A-2")
    assert office.casepath.messages.deliver_waiting(office.desk.id)
    (listed,) = shop.ask("list_messages").json["items"]
    assert (listed["state"], listed["ticket"]) == ("delivered", number)


def test_messages_are_listed_page_by_page_the_newest_first(shop: Program) -> None:
    for key in "abc":
        shop.ask("send_message", {"name": "paid", "correlation": {"key": key}})
    first = shop.ask("list_messages", query={"limit": 2}).json
    second = shop.ask("list_messages", query={"limit": 2, "cursor": first["next"]}).json
    assert [it["key"] for it in first["items"] + second["items"]] == ["c", "b", "a"]
    assert (
        shop.ask("list_messages", query={"cursor": "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ=="}).status_code == 422
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_to_live": "soon"}, "time_to_live"),
        ({"time_to_live": "P2Y"}, "time_to_live"),
        ({"time_to_live": "P367D"}, "time_to_live"),
        ({"time_to_live": "-PT1H"}, "time_to_live"),
        ({"correlation": {"key": ""}}, "correlation.key"),
        ({"correlation": {"order": "A-1"}}, "correlation.order"),
        ({"payload": []}, "payload"),
        ({"payload": {"a": {"b": 1e400}}}, "payload.a"),
        ({"correlation": {"ticket": 1}, "time_to_live": "PT1H"}, "time_to_live"),
        ({"correlation": {"ticket": 1}, "id": "payment 99"}, "id"),
    ],
)
def test_a_message_that_can_not_be_sent_names_its_field(shop: Program, wrong: dict, field: str) -> None:
    answer = shop.ask("send_message", {"name": "paid", "correlation": {"key": "A-1"}, **wrong})
    assert answer.status_code == 422
    assert [it["field"] for it in answer.json["errors"]] == [field]
    assert shop.ask("list_messages").json["items"] == []


def test_a_signal_says_how_many_tickets_listened(shop: Program, office) -> None:
    for _ in range(2):
        office.open_ticket(process="q")
    told = {"name": "down", "payload": {"since": "nine"}}
    answer = shop.ask("send_signal", told, once="y").json
    assert (answer["reached"], answer["repeated"]) == (2, False)
    assert shop.ask("send_signal", told, once="y").json["repeated"]
    assert shop.ask("send_signal", {"name": "down"}, once="y").status_code == 409
    office.casepath.signals.tell(office.desk.id, UUID(answer["command"]))
    assert shop.ask("send_signal", {"name": "down"}).json["reached"] == 0


def test_only_who_works_may_send(app: Flask, office) -> None:
    auditor = Program(app, office, f"aud_{uuid4().hex[:6]}", "auditor")
    assert auditor.ask("send_message", {"name": "paid"}).status_code == 403
    assert auditor.ask("send_signal", {"name": "down"}).status_code == 403
    assert auditor.ask("list_messages").status_code == 200
