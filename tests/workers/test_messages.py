"""Messages by name and key: each goes to one catcher or opens one ticket, whoever comes first and however often."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from engine.correlation import Sending, Sent
from engine.correlation.messages import message_id, time_to_live
from engine.errors import Conflict, InvalidInput, Refused
from engine.runtime.commands import (
    SYSTEM,
    Actor,
    CancelTicket,
    CompleteTask,
    CorrelateMessage,
    DeliverMessage,
)
from engine.settings import Settings
from engine.workers.queues import WakeUp
from engine.workers.scheduler import KEPT
from tests.at_once import at_once
from tests.office import MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import (
    draw,
    extension,
    mapping,
    message,
    node,
    on,
    on_message,
    start,
)

HOUR = timedelta(hours=1)
SHOP = Actor("token", str(uuid4()), "Web shop")
PAID = message("m", "paid", "=ticket.number")
WAITING = draw(f"start s; {node('receive', 'wait', messageRef='m')}; user work; end e", "s>wait>work>e", PAID)
LATER = draw(
    f"start s; user first; {node('receive', 'wait', messageRef='m')}; user work; end e",
    "s>first>wait>work>e",
    PAID,
)
BEGINNING = draw(
    f"{start('s', on('message', 'm'))}; user work; end e", "s>work>e", message("m", "order placed")
)


def sending(office: Office, key: str | None = "1", **more: Any) -> Sending:
    wish = {"id": uuid4(), "name": "paid", "payload": {"amount": 7}, **more}
    return Sending(desk_id=office.desk_id, actor=SHOP, key=key, **wish)


def send(office: Office, key: str | None = "1", **more: Any) -> Sent:
    return office.casepath.messages.send(sending(office, key, **more))


def complete(office: Office, element: str) -> None:
    sql = "SELECT id FROM task WHERE state = 'open' AND element = %s ORDER BY ticket_number LIMIT 1"
    ((task,),) = office.rows(sql, element)
    assert isinstance(task, UUID)
    office.casepath.engine.handle(CompleteTask(id=uuid4(), desk_id=office.desk_id, actor=LEAD, task_id=task))


def states(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT state, ticket_number FROM message ORDER BY place")


def received(office: Office) -> int:
    ((count,),) = office.rows("SELECT count(*) FROM trail WHERE kind = 'message_received'")
    assert isinstance(count, int)
    return count


def open_tasks(office: Office) -> list[object]:
    return [
        row[0] for row in office.rows("SELECT element FROM task WHERE state = 'open' ORDER BY ticket_number")
    ]


def test_a_message_reaches_the_ticket_that_waits_for_its_key_and_no_other(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    office.open()
    sent = send(office, "2")
    assert (sent.state, sent.ticket_number) == ("delivered", 2)
    assert office.rows("SELECT ticket_number FROM task") == [(2,)]
    told = "SELECT convert_from(bytes, 'UTF8')::jsonb -> 'actor' ->> 'id' FROM trail WHERE kind = 'message_received'"
    assert office.rows(told) == [(SHOP.id,)]


def test_a_wrong_key_or_name_touches_nothing(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    before = office.rows("SELECT revision, length FROM instance")
    for wrong in ({"key": "3"}, {"key": "1 "}, {"key": None}, {"key": "1", "name": "Paid"}):
        assert send(office, **wrong).state == "waiting"
    office.settle()
    assert office.rows("SELECT revision, length FROM instance") == before


def test_a_message_of_another_desk_touches_nothing(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    other = office.casepath.store.desks.add("other", "Other", "wk", "UTC", MONDAY)
    sent = office.casepath.messages.send(replace(sending(office), desk_id=other.id))
    office.settle()
    assert (sent.state, received(office)) == ("waiting", 0)


def test_of_several_catchers_the_one_that_waited_longest_takes_it(office: Office) -> None:
    office.deploy(WAITING.replace(b"=ticket.number", b"=ticket.subject"))
    for _ in range(3):
        office.open()
    assert [send(office, "It is broken").ticket_number for _ in range(4)] == [1, 2, 3, None]


def test_a_message_that_comes_too_early_waits_for_its_catcher(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    assert send(office).state == "waiting"
    office.settle()
    complete(office, "first")
    office.settle()
    assert states(office) == [("delivered", 1)]
    assert open_tasks(office) == ["work"]


def test_a_step_that_begins_to_wait_wakes_the_scheduler(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    office.redis.flushdb()
    complete(office, "first")
    assert WakeUp(office.redis).wait(0.01)


def test_a_message_whose_job_was_lost_is_delivered_when_its_lease_ends(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    send(office)
    complete(office, "first")
    assert office.scheduler().round() == 1
    office.redis.flushdb()
    office.settle()
    assert states(office) == [("waiting", None)]
    office.rows("UPDATE message SET next_at = now() RETURNING 1")
    office.settle()
    assert states(office) == [("delivered", 1)]


def test_early_messages_are_taken_in_their_order_and_one_at_a_time(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    for amount in (1, 2):
        send(office, payload={"amount": amount})
    complete(office, "first")
    office.settle()
    assert states(office) == [("delivered", 1), ("waiting", None)]


def test_a_catcher_that_stays_takes_every_message_that_lay_waiting(office: Office) -> None:
    boundary = on_message("b", "work", "m", interrupting=False)
    nodes = f"start s; user first; user work; {boundary}; user more; end e; end x"
    office.deploy(draw(nodes, "s>first>work>e b>more>x", PAID))
    office.open()
    for _ in range(3):
        send(office)
    complete(office, "first")
    office.settle()
    assert states(office) == [("delivered", 1)] * 3
    assert sorted(map(str, open_tasks(office))) == ["more", "more", "more", "work"]


def test_a_message_that_nobody_took_expires_and_is_kept_for_a_while(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    send(office, time_to_live=HOUR)
    office.at(MONDAY + HOUR)
    complete(office, "first")
    office.settle()
    assert states(office) == [("expired", None)]
    assert received(office) == 0
    office.at(MONDAY + KEPT)
    office.scheduler().tidy()
    assert states(office) == [("expired", None)]
    office.at(MONDAY + HOUR + KEPT + timedelta(seconds=1))
    office.scheduler().tidy()
    assert states(office) == []


def test_a_message_whose_time_is_over_is_not_delivered_though_nobody_set_it_aside(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    sent = send(office, time_to_live=HOUR)
    complete(office, "first")
    office.at(MONDAY + HOUR)
    office.casepath.messages.deliver(office.desk_id, sent.id)
    assert (states(office), received(office)) == ([("expired", None)], 0)
    ((catcher,),) = office.rows("SELECT id FROM subscription")
    assert isinstance(catcher, UUID)
    with pytest.raises(Conflict, match="done with"):
        correlate(office, sent.id, catcher)


def correlate(office: Office, message: UUID, catcher: UUID) -> None:
    office.casepath.engine.handle(
        CorrelateMessage(
            id=uuid4(),
            desk_id=office.desk_id,
            actor=SYSTEM,
            subscription_id=catcher,
            message_id=message,
            name="paid",
        )
    )


def test_a_message_without_time_to_live_is_for_whoever_waits_already(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    assert send(office, "1", time_to_live=timedelta(0)).state == "expired"
    office.settle()
    assert received(office) == 0


def test_the_same_id_again_answers_as_the_first_and_does_nothing(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    wish = sending(office)
    first, again = office.casepath.messages.send(wish), office.casepath.messages.send(wish)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.id, again.state, again.ticket_number) == (first.id, "delivered", 1)
    assert received(office) == 1


def test_the_same_id_is_known_also_after_its_message_was_tidied_away(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    wish = sending(office)
    office.casepath.messages.send(wish)
    office.casepath.store.messages.tidy(MONDAY + HOUR)
    assert states(office) == []
    again = office.casepath.messages.send(wish)
    assert (again.state, again.ticket_number, again.repeated) == ("delivered", 1, True)
    assert states(office) == []


def test_other_words_under_a_used_id_are_a_conflict(office: Office) -> None:
    office.deploy(WAITING)
    wish = sending(office)
    office.casepath.messages.send(wish)
    for other in ({"payload": {"amount": 8}}, {"key": "2"}, {"name": "refunded"}):
        with pytest.raises(
            Conflict, match=r"^Expected the same message under the same id, but 'paid' was sent"
        ):
            office.casepath.messages.send(replace(wish, **other))
    assert states(office) == [("waiting", None)]


def test_a_message_opens_one_ticket_with_what_it_says_of_it(office: Office) -> None:
    office.deploy(BEGINNING)
    payload = {
        "subject": "A new order",
        "description": "Two cables",
        "channel": "shop",
        "requester": {"name": "Cara", "email": "cara@example.com"},
        "order": {"lines": 2},
    }
    wish = sending(office, None, name="order placed", payload=payload)
    sent, again = office.casepath.messages.send(wish), office.casepath.messages.send(wish)
    assert (sent.state, sent.ticket_number, again.ticket_number) == ("delivered", 1, 1)
    assert office.rows("SELECT subject, description, channel, fields FROM ticket") == [
        ("A new order", "Two cables", "shop", {"order": {"lines": 2}})
    ]
    assert office.rows("SELECT name, email FROM customer") == [("Cara", "cara@example.com")]
    told = (
        """SELECT convert_from(bytes, 'UTF8')::jsonb -> 'data' FROM trail WHERE kind = 'message_received'"""
    )
    ((event,),) = office.rows(told)
    assert event == {"message": str(wish.id), "element": "s", "name": "order placed"}


def test_a_message_that_says_nothing_of_the_ticket_opens_a_plain_one(office: Office) -> None:
    office.deploy(BEGINNING)
    send(office, None, name="order placed", payload={})
    assert office.rows("SELECT subject, channel FROM ticket") == [("order placed", "message")]
    assert office.rows("SELECT name FROM customer") == [("Web shop",)]


def test_the_newest_version_decides_what_a_message_begins(office: Office) -> None:
    office.deploy(BEGINNING)
    office.deploy(BEGINNING.replace(b"order placed", b"order changed"))
    assert send(office, None, name="order placed", payload={}).state == "waiting"
    assert send(office, None, name="order changed", payload={}).ticket_number == 1
    assert office.rows("SELECT version FROM instance") == [(2,)]


def test_a_payload_that_can_open_no_ticket_is_refused_by_its_field_each_time(office: Office) -> None:
    office.deploy(BEGINNING)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"subject": 7}, "payload.subject: Expected a text"),
        ({"requester": "Cara"}, "payload.requester: Expected name, email and phone"),
        ({"requester": {"name": ["Cara"]}}, "payload.requester.name: Expected a text"),
        ({"subject": " "}, "subject: Expected a subject"),
        ({"requester": {"email": "nobody"}}, "requester.email: Expected a mail address"),
    ]
    for payload, sentence in refused:
        wish = sending(office, None, name="order placed", payload=payload)
        for _ in range(2):
            with pytest.raises(InvalidInput) as refusal:
                office.casepath.messages.send(wish)
            assert sentence in str(refusal.value)
    assert states(office) == [("refused", None)] * 5
    assert office.rows("SELECT number FROM ticket") == []


def test_what_can_not_be_sent_is_refused_by_its_field_and_not_kept(office: Office) -> None:
    office.deploy(WAITING)
    refused: list[tuple[str, dict[str, Any]]] = [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 501}),
        ("key", {"key": " "}),
        ("key", {"key": "a\0b"}),
        ("payload.amount", {"payload": {"amount": float("nan")}}),
        ("time_to_live", {"time_to_live": timedelta(days=-1)}),
        ("time_to_live", {"time_to_live": timedelta(days=400)}),
    ]
    for field, wrong in refused:
        with pytest.raises(InvalidInput) as refusal:
            send(office, **{"key": "1", **wrong})
        assert field in refusal.value.fields
    assert states(office) == []


def test_a_catcher_that_can_not_be_loaded_keeps_its_message_waiting_and_somebody_is_told(
    office: Office,
) -> None:
    office.deploy(WAITING)
    office.open()
    office.rows("UPDATE instance SET state = '{\"v\": 99}' RETURNING 1")
    sent = send(office)
    assert sent.state == "waiting"
    assert "format" in str(sent.error)
    assert office.rows("SELECT kind FROM incident WHERE closed_at IS NULL") == [("state",)]
    assert office.rows("SELECT attempts, next_at > now() FROM message") == [(1, True)]


def test_a_time_to_live_is_days_and_time() -> None:
    assert (time_to_live(None), time_to_live("P2DT1H")) == (HOUR, timedelta(days=2, hours=1))
    for text in ("P1M", "soon", ""):
        with pytest.raises(InvalidInput):
            time_to_live(text)


def test_a_sender_may_call_its_message_as_it_likes() -> None:
    id = uuid4()
    assert message_id(str(id)) == id
    assert message_id("order 7 paid") == message_id("order 7 paid") != message_id("order 8 paid")


def test_a_message_for_a_ticket_that_has_ended_says_so(office: Office) -> None:
    office.deploy(WAITING)
    office.open()
    office.casepath.engine.handle(
        CancelTicket(id=uuid4(), desk_id=office.desk_id, actor=LEAD, ticket=1, reason="A mistake")
    )
    with pytest.raises(Refused, match=r"^Expected ticket 1 to be running, but it ended at 09:00 UTC"):
        office.casepath.engine.handle(
            DeliverMessage(id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, ticket=1, name="paid")
        )
    assert send(office).state == "waiting"


def test_workers_that_deliver_one_message_at_the_same_moment_deliver_it_once(office: Office) -> None:
    office.deploy(LATER.replace(b"=ticket.number", b"=ticket.subject"))
    for _ in range(4):
        office.open()
    sent = [send(office, "It is broken").id for _ in range(3)]
    for _ in range(4):
        complete(office, "first")
    for id in sent:
        assert at_once(*[lambda id=id: office.casepath.messages.deliver(office.desk_id, id)] * 4) == []
    assert received(office) == 3
    assert [state for state, _ in states(office)] == ["delivered"] * 3
    assert office.rows("SELECT count(*) FROM subscription") == [(1,)]


def test_two_catchers_can_not_both_take_one_message(office: Office) -> None:
    """Whichever a worker chose: the second step finds the message done with, and takes all of itself back."""
    office.deploy(LATER)
    office.open()
    office.open()
    sent = send(office, "3")
    complete(office, "first")
    complete(office, "first")
    catchers = [row[0] for row in office.rows("SELECT id FROM subscription")]
    raised = at_once(*[lambda it=it: correlate(office, sent.id, it) for it in catchers])
    assert [type(error) for error in raised] == [Conflict]
    assert received(office) == 1
    assert office.rows("SELECT count(*) FROM subscription") == [(1,)]
    assert states(office)[0][0] == "delivered"


def test_a_message_opens_one_ticket_though_it_is_delivered_twice_at_once(office: Office) -> None:
    office.deploy(WAITING)
    sent = send(office, None, name="order placed", payload={})
    office.deploy(BEGINNING)
    assert at_once(*[lambda: office.casepath.messages.deliver(office.desk_id, sent.id)] * 4) == []
    assert office.rows("SELECT count(*) FROM ticket") == [(1,)]
    # a try that comes too late may have used up a number
    assert states(office) == [("delivered", *row) for row in office.rows("SELECT number FROM ticket")]


def test_a_message_and_its_catcher_meet_though_neither_saw_the_other(
    office: Office, settings: Settings
) -> None:
    """The message looks for a catcher while the step that begins to wait is not committed yet."""
    office.deploy(LATER)
    office.open()
    with psycopg.connect(settings.admin_database_url) as other:
        other.execute("LOCK TABLE subscription IN SHARE MODE")  # the step stops at its INSERT
        step = threading.Thread(target=complete, args=(office, "first"))
        step.start()
        waited = """SELECT count(*) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND datname = current_database()"""
        while office.rows(waited) == [(0,)]:
            assert step.is_alive()
        assert send(office).state == "waiting"
        other.commit()
        step.join()
    assert received(office) == 0
    office.settle()
    assert states(office) == [("delivered", 1)]


def test_messages_and_catchers_that_come_at_the_same_moment_all_meet(office: Office) -> None:
    office.deploy(LATER)
    for _ in range(6):
        office.open()
    sends = [lambda key=key: send(office, str(key)) for key in range(1, 7)]
    tasks = [row[0] for row in office.rows("SELECT id FROM task WHERE state = 'open'")]
    completes = [
        lambda id=id: office.casepath.engine.handle(
            CompleteTask(id=uuid4(), desk_id=office.desk_id, actor=LEAD, task_id=id)
        )
        for id in tasks
    ]
    assert at_once(*sends, *completes) == []
    office.settle()
    assert sorted(states(office)) == [("delivered", number) for number in range(1, 7)]
    assert received(office) == 6


def test_a_message_that_a_process_throws_reaches_another_ticket(office: Office) -> None:
    thrown = extension(mapping({"amount": "=12.5"}))
    throwing = node("throw", "t", thrown + on("message", "m"))
    office.deploy(draw(f"start s; {throwing}; end e", "s>t>e", message("m", "paid", "=ticket.number + 1")))
    office.open()
    office.settle()
    assert states(office) == [("waiting", None)]
    office.deploy(WAITING)
    office.open()
    office.settle()
    assert states(office) == [("delivered", 2)]
    assert office.rows("SELECT kind, state FROM outbox") == [("message", "done")]


def test_a_thrown_message_that_can_open_no_ticket_tells_somebody(office: Office) -> None:
    thrown = node("throw", "t", extension(mapping({"subject": "=7"})) + on("message", "m"))
    begins = start("n", on("message", "m"))
    office.deploy(
        draw(
            f"start s; {thrown}; end e; {begins}; user work; end x",
            "s>t>e n>work>x",
            message("m", "order placed"),
        )
    )
    office.open()
    office.settle()
    ((kind, sentence),) = office.rows("SELECT kind, message FROM incident WHERE closed_at IS NULL")
    assert kind == "message"
    assert "payload.subject" in str(sentence)
    assert states(office) == [("refused", None)]


def key_of(office: Office, number: int) -> object:
    ((key,),) = office.rows("SELECT start_key FROM instance WHERE ticket_number = %s", number)
    return key


def test_while_a_ticket_runs_that_a_key_has_opened_another_message_of_it_opens_none(office: Office) -> None:
    office.deploy(BEGINNING)
    assert send(office, "A-1", name="order placed").ticket_number == 1
    assert send(office, "A-1", name="order placed").state == "waiting"
    assert send(office, "A-2", name="order placed").ticket_number is not None
    assert send(office, None, name="order placed").ticket_number is not None
    assert key_of(office, 1) == "A-1"
    complete(office, "work")
    assert send(office, "A-1", name="order placed").state == "delivered"
    assert office.rows("SELECT count(*) FROM ticket") == [(4,)]


AGAIN = draw(
    f"{start('s', on('message', 'm'))}; user work; end e; {on_message('again', 'work', 'm', interrupting=False)};"
    " user more; end x",
    "s>work>e again>more>x",
    message("m", "order placed", "=order"),
)


def test_messages_of_one_key_that_come_at_the_same_moment_open_one_ticket_which_hears_the_others(
    office: Office,
) -> None:
    office.deploy(AGAIN)
    order = {"name": "order placed", "payload": {"order": "A-1"}}
    assert at_once(*[lambda: send(office, "A-1", **order)] * 4) == []
    assert office.rows("SELECT count(*) FROM ticket") == [(1,)]
    assert sorted(map(str, open_tasks(office))) == ["more", "more", "more", "work"]
    assert [state for state, _ in states(office)] == ["delivered"] * 4
