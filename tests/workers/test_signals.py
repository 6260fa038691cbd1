"""Signals: every ticket of the desk that listens at the moment hears them once, and processes begin with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.correlation import Broadcast
from engine.correlation.signals import MOST_TRIES
from engine.errors import Conflict, InvalidInput
from engine.runtime.commands import SYSTEM, CompleteTask
from tests.office import MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import declared, draw, extension, mapping, node, on, start

DOWN = declared("signal", "down", "mail server down")
CATCH = node("catch", "wait", on("signal", "down"))
LISTENING = draw(f"start s; {CATCH}; user work; end e", "s>wait>work>e", DOWN)
LATER = draw(f"start s; user first; {CATCH}; user work; end e", "s>first>wait>work>e", DOWN)
BEGINNING = draw(f"{start('s', on('signal', 'down'))}; user work; end e", "s>work>e", DOWN)


def broadcast(office: Office, **more: Any) -> Broadcast:
    wish = {"id": uuid4(), "name": "mail server down", "payload": {"since": "nine"}, **more}
    return Broadcast(desk_id=office.desk_id, actor=SYSTEM, **wish)


def working(office: Office) -> list[object]:
    """The tickets that heard the signal."""
    sql = "SELECT ticket_number FROM task WHERE state = 'open' AND element = 'work' ORDER BY ticket_number"
    return [row[0] for row in office.rows(sql)]


def test_every_ticket_that_listens_hears_a_signal_once(office: Office) -> None:
    office.deploy(LISTENING)
    for _ in range(3):
        office.open()
    wish = broadcast(office)
    assert office.casepath.signals.send(wish).reached == 3
    assert office.casepath.signals.send(wish).repeated
    office.settle()
    assert working(office) == [1, 2, 3]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'signal_received'") == [(3,)]
    assert office.rows("SELECT state, reached, instances FROM signal") == [("done", 3, [])]
    assert office.rows("SELECT count(*) FROM subscription") == [(0,)]


def test_who_begins_to_listen_after_a_signal_does_not_hear_it(office: Office) -> None:
    office.deploy(LATER)
    office.open()
    office.casepath.signals.send(broadcast(office))
    ((task,),) = office.rows("SELECT id FROM task")
    assert isinstance(task, UUID)
    office.casepath.engine.handle(CompleteTask(id=uuid4(), desk_id=office.desk_id, actor=LEAD, task_id=task))
    office.settle()
    assert working(office) == []


def test_a_signal_stays_at_its_desk_and_at_its_name(office: Office) -> None:
    office.deploy(LISTENING)
    office.open()
    other = office.casepath.store.desks.add("other", "Other", "wk", "UTC", MONDAY)
    assert office.casepath.signals.send(replace(broadcast(office), desk_id=other.id)).reached == 0
    assert office.casepath.signals.send(broadcast(office, name="Mail server down")).reached == 0
    office.settle()
    assert working(office) == []


def test_a_signal_begins_one_ticket_of_each_process_that_begins_with_it(office: Office) -> None:
    office.deploy(BEGINNING, bpmn__q_bpmn=BEGINNING.replace(b'id="p"', b'id="q"'))
    wish = broadcast(office, payload={"subject": "The mail server is down", "since": "nine"})
    office.casepath.signals.send(wish)
    office.casepath.signals.send(wish)
    office.settle()
    assert (
        office.rows("SELECT subject, channel, fields FROM ticket ORDER BY number")
        == [("The mail server is down", "signal", {"since": "nine"})] * 2
    )
    assert sorted(office.rows("SELECT process FROM instance")) == [("p",), ("q",)]


def test_a_ticket_that_throws_a_signal_is_heard_by_the_others_and_hears_itself_once(office: Office) -> None:
    throwing = node("throw", "t", extension(mapping({"since": '="ten"'})) + on("signal", "down"))
    office.deploy(
        draw(f"start s; and a; user first; {throwing}; {CATCH}; user work; end e; end x",
             "s>a a>first>t>x a>wait>work>e", DOWN)
    )  # fmt: skip
    office.open()
    office.open()
    ((task,),) = office.rows("SELECT id FROM task WHERE ticket_number = 1")
    assert isinstance(task, UUID)
    office.casepath.engine.handle(CompleteTask(id=uuid4(), desk_id=office.desk_id, actor=LEAD, task_id=task))
    assert working(office) == [1]
    office.settle()
    assert working(office) == [1, 2]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'signal_received'") == [(2,)]
    assert office.rows("SELECT kind, state FROM outbox") == [("signal", "done")]


def test_one_ticket_that_can_not_hear_does_not_stop_the_others(office: Office) -> None:
    office.deploy(LISTENING)
    broken = office.open()
    office.open()
    office.rows("UPDATE instance SET state = 'nothing' WHERE id = %s RETURNING 1", broken)
    office.casepath.signals.send(broadcast(office))
    office.settle()
    assert working(office) == [2]
    assert office.rows("SELECT state, instances, attempts FROM signal") == [("pending", [broken], 1)]
    for _ in range(MOST_TRIES):
        office.rows("UPDATE signal SET next_at = now() RETURNING 1")
        office.settle()
    assert office.rows("SELECT state, attempts FROM signal") == [("failed", MOST_TRIES)]


def test_a_signal_whose_worker_died_half_way_goes_on_without_telling_anybody_twice(office: Office) -> None:
    office.deploy(LISTENING)
    for _ in range(3):
        office.open()
    wish = broadcast(office)
    office.casepath.signals.send(wish)
    row = office.casepath.store.signals.get(office.desk_id, wish.id)
    office.casepath.signals.tell(office.desk_id, wish.id)
    office.casepath.store.signals.left(row, row.instances, row.starts)
    office.rows("UPDATE signal SET state = 'pending' RETURNING 1")
    office.settle()
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'signal_received'") == [(3,)]


def test_other_words_under_a_used_id_are_a_conflict_and_bad_ones_are_refused(office: Office) -> None:
    office.deploy(LISTENING)
    wish = broadcast(office)
    office.casepath.signals.send(wish)
    with pytest.raises(Conflict, match="was sent with other words"):
        office.casepath.signals.send(replace(wish, payload={}))
    for field, wrong in (("name", {"name": " "}), ("payload.x", {"payload": {"x": float("inf")}})):
        with pytest.raises(InvalidInput) as refusal:
            office.casepath.signals.send(broadcast(office, **wrong))
        assert field in refusal.value.fields
