"""The one door on the real database: once, whole or not at all, and told to nobody before the commit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from engine.engine import Engine, Outcome, Seen, linked
from engine.errors import Conflict, InvalidInput, NotFound, Refused
from engine.runtime.commands import SYSTEM, Actor, AddEntry, ClaimTask, CompleteTask, OpenTicket, Requester
from engine.runtime.handlers import TaskNotOpen
from engine.runtime.take import start, take
from engine.settings import Settings
from engine.store.commands import history
from tests.office import MONDAY, Office
from tests.parts.runtime.worlds import ANN, BEN
from tests.parts.spiff.drawing import draw, extension, node, on_timer

HOUR = timedelta(hours=1)
GROUPS = extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="tier1" />')
WORK = node("user", "work", GROUPS, name="Work on ticket")
LOOP = draw(
    f"start s; {WORK}; {on_timer('late', 'work', 'PT4H')}; xor again; user lead; end e; end x",
    'again>work [=result = "again"] s>work>again again>e * late>lead>x',
)


@pytest.fixture
def desk(office: Office) -> Iterator[Office]:
    office.deploy(LOOP)
    yield office


def task_of(office: Office) -> UUID:
    ((task,),) = office.rows("SELECT id FROM task WHERE state = 'open'")
    assert isinstance(task, UUID)
    return task


def complete(office: Office, task: UUID, result: str = "done", **facts: object) -> CompleteTask:
    given = {"id": uuid4(), "actor": ANN, **facts}
    return CompleteTask(desk_id=office.desk_id, task_id=task, fields={"result": result}, **given)  # type: ignore[arg-type]


def everything(office: Office) -> list[object]:
    tables = ("instance", "ticket", "task", "timer", "entry", "trail", "trail_value", "command", "outbox")
    return [
        office.rows(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {it} t")
        for it in tables
    ]


def test_the_same_command_at_once_from_many_sides_is_done_once(desk: Office) -> None:
    desk.open()
    command = complete(desk, task_of(desk), "again")
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(desk.casepath.engine.handle, [command] * 6))
    assert sorted(it.repeated for it in outcomes) == [False] + [True] * 5
    assert len({(it.instance_id, it.revision) for it in outcomes}) == 1
    assert desk.rows("SELECT count(*) FROM trail WHERE kind = 'task_completed'") == [(1,)]


def test_a_ticket_opened_twice_by_one_command_is_one_ticket(desk: Office) -> None:
    command = OpenTicket(
        id=uuid4(), desk_id=desk.desk_id, actor=SYSTEM, process="p", channel="web", subject="Once",
        description="", requester=Requester("Cara", "cara@example.com"),
    )  # fmt: skip
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(desk.casepath.engine.handle, [command] * 4))
    assert len({it.ticket_number for it in outcomes}) == 1
    assert desk.rows("SELECT count(*) FROM ticket") == [(1,)]


@pytest.mark.parametrize("fields", [{"result": float("nan")}, {"result": {"deep": object()}}])
def test_whatever_raises_leaves_everything_as_it_was(desk: Office, fields: dict[str, object]) -> None:
    desk.open()
    before = everything(desk)
    command = CompleteTask(id=uuid4(), desk_id=desk.desk_id, actor=ANN, task_id=task_of(desk), fields=fields)
    with pytest.raises(InvalidInput, match="result"):
        desk.casepath.engine.handle(command)
    assert everything(desk) == before


def test_a_database_error_at_the_very_end_leaves_everything_as_it_was(
    desk: Office, settings: Settings
) -> None:
    desk.open()
    task = task_of(desk)
    with psycopg.connect(settings.admin_database_url, autocommit=True) as owner:
        owner.execute(
            "ALTER TABLE command ADD CONSTRAINT none_of_these CHECK (kind <> 'CompleteTask') NOT VALID"
        )
        before = everything(desk)
        with pytest.raises(psycopg.errors.CheckViolation):
            desk.casepath.engine.handle(complete(desk, task))
        assert everything(desk) == before
        owner.execute("ALTER TABLE command DROP CONSTRAINT none_of_these")
    assert desk.casepath.engine.handle(complete(desk, task)).revision == 2


def test_the_second_to_complete_a_task_is_told_who_did_it_and_when(desk: Office) -> None:
    desk.open()
    task = task_of(desk)
    desk.at(MONDAY + HOUR)
    desk.casepath.engine.handle(complete(desk, task))
    with pytest.raises(Conflict, match=r"Work on ticket.*Ann completed it at 10:00 UTC on 05 January 2026"):
        desk.casepath.engine.handle(complete(desk, task, actor=BEN))


def test_one_who_comes_after_the_deadline_is_told_that_the_ticket_went_on(desk: Office) -> None:
    desk.open()
    task = task_of(desk)
    desk.at(MONDAY + 5 * HOUR)
    with pytest.raises(TaskNotOpen):
        desk.casepath.engine.handle(complete(desk, task))
    desk.settle()
    with pytest.raises(Conflict, match="went another way"):
        desk.casepath.engine.handle(complete(desk, task))


def test_an_unknown_task_is_not_found(desk: Office) -> None:
    with pytest.raises(NotFound):
        desk.casepath.engine.handle(complete(desk, uuid4()))


def test_nobody_is_woken_before_the_commit_nor_for_a_refusal(desk: Office) -> None:
    seen: list[list[tuple[object, ...]]] = []
    office = desk.casepath
    engine = Engine(
        office.store, office.clock, office.worlds,
        wake=lambda: seen.append(desk.rows("SELECT count(*) FROM timer WHERE state = 'armed'")),
    )  # fmt: skip
    command = OpenTicket(
        id=uuid4(), desk_id=desk.desk_id, actor=SYSTEM, process="p", channel="web", subject="Wake",
        description="", requester=Requester("Cara"),
    )  # fmt: skip
    engine.handle(command)
    assert seen == [[(1,)]]
    with pytest.raises(Refused):
        engine.handle(
            AddEntry(
                id=uuid4(), desk_id=desk.desk_id, actor=ANN, ticket=1, kind="note", public=False, body=""
            )
        )
    assert len(seen) == 1


def test_now_is_read_after_the_lock_and_never_before_the_last_event(desk: Office, settings: Settings) -> None:
    desk.open()
    task = task_of(desk)
    outcome: list[Outcome] = []
    with psycopg.connect(settings.database_url) as holder:
        holder.execute("SELECT 1 FROM instance FOR UPDATE")
        claim = ClaimTask(id=uuid4(), desk_id=desk.desk_id, actor=ANN, task_id=task)
        waiting = threading.Thread(target=lambda: outcome.append(desk.casepath.engine.handle(claim)))
        waiting.start()
        while desk.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == []:
            assert waiting.is_alive()
        desk.at(MONDAY + HOUR)
    waiting.join()
    assert desk.rows("SELECT claimed_at FROM task WHERE id = %s", task) == [(MONDAY + HOUR,)]
    desk.at(MONDAY)  # a clock that was set back
    desk.casepath.engine.handle(complete(desk, task, "again"))
    assert desk.rows("SELECT last_event_at FROM instance") == [(MONDAY + HOUR,)]


def test_stored_histories_run_again_to_the_same_hashes(desk: Office) -> None:
    """Every kept command, with what it saw, gives the chain that is stored, byte for byte."""
    instance = desk.open()
    for hours in (1, 2, 3):
        desk.at(MONDAY + hours * HOUR)
        desk.casepath.engine.handle(
            ClaimTask(id=uuid4(), desk_id=desk.desk_id, actor=ANN, task_id=task_of(desk))
        )
        desk.casepath.engine.handle(complete(desk, task_of(desk), "again"))
        note = AddEntry(
            id=uuid4(), desk_id=desk.desk_id, actor=ANN, ticket=1, kind="note", public=False, body="Hm"
        )
        desk.casepath.engine.handle(note)
    desk.at(MONDAY + 30 * HOUR)
    desk.settle()
    assert run_again(desk, instance) == desk.rows("SELECT head, length, state FROM instance")[0]


def run_again(office: Office, instance_id: UUID) -> tuple[bytes, int, bytes]:
    """Run a stored history through the pure step; return the end of the chain and the state it leads to."""
    with office.casepath.store.transaction() as connection:
        kept = history(connection, office.desk_id, instance_id)
    instance = None
    for it in kept:
        seen = Seen(it.seed, it.at, it.recorded_at)
        world = office.casepath.worlds.of(office.desk_id, it.snapshot_id)
        if isinstance(it.command, OpenTicket):
            advanced = start(it.command, it.at, world, seen.ids)
        else:
            assert instance is not None
            advanced = take(instance, it.command, it.at, world, seen.ids)
        instance = linked(it.command, advanced, seen)[0] if advanced.events else instance
    assert instance is not None
    return instance.head, instance.length, instance.state


def test_a_customer_stands_in_the_chain_by_id_and_never_by_name(desk: Office) -> None:
    actor = Actor("customer", "Cara Name", "Cara Name")
    command = OpenTicket(
        id=uuid4(), desk_id=desk.desk_id, actor=actor, process="p", channel="web", subject="Mine",
        description="", requester=Requester("Cara Name", "cara@example.com"),
    )  # fmt: skip
    desk.casepath.engine.handle(command)
    ((requester,),) = desk.rows("SELECT requester_id FROM ticket")
    chained = b"".join(
        bytes(row[0]) for row in desk.rows("SELECT bytes FROM trail WHERE command_id = %s", command.id)
    )
    assert str(requester).encode() in chained
    assert b"Cara" not in chained
