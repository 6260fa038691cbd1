"""What Casepath answers itself: how many tickets of a category were resolved lately, to a process that asks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.runtime.commands import SYSTEM, CompleteTask, OpenTicket, Requester
from tests.office import MANIFEST, MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, mapping, node

ASKED = mapping({"category": "=category", "days": "=days"}, {"count": "=count", "numbers": "=numbers"})
COUNT = node("service", "ask", extension(f'<zeebe:taskDefinition type="desk.similar_tickets" />{ASKED}'))
PROCESS = draw(
    f"start s; user solve; {node('throw', 'solved', casepath_state='resolved')}; {COUNT}; user look; xor x;"
    f" {node('user', 'again', casepath_state='new')}; {node('end', 'e', casepath_state='closed')}",
    's>solve>solved>ask>look>x; x>again [=category = "bug"]; x>e *; again>e',
)


@pytest.fixture
def desk(office: Office) -> Office:
    states = MANIFEST.replace(b'new = "New"', b'new = "New"\nresolved = "Resolved"\nclosed = "Closed"')
    office.deploy(PROCESS, **{"pack.toml": states})
    return office


def opened(office: Office, category: str, days: object = 30) -> UUID:
    command = OpenTicket(
        id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, process="p", channel="web", subject="It is broken",
        description="", requester=Requester("Cara", "cara@example.com"), category=category, fields={"days": days},
    )  # fmt: skip
    return office.casepath.engine.handle(command).instance_id


def complete(office: Office, instance: UUID, element: str) -> None:
    sql = "SELECT id FROM task WHERE instance_id = %s AND element = %s AND state = 'open'"
    ((task,),) = office.rows(sql, instance, element)
    office.casepath.engine.handle(
        CompleteTask(id=uuid4(), desk_id=office.desk_id, actor=LEAD, task_id=task, fields={})  # type: ignore[arg-type]
    )
    office.settle()


def solved(office: Office, category: str = "bug", days: object = 30) -> UUID:
    instance = opened(office, category, days)
    complete(office, instance, "solve")
    return instance


def counted(office: Office, instance: UUID) -> tuple[object, object]:
    """What a ticket was answered: how many, and which."""
    sql = """SELECT body -> 'result' -> 'count', body -> 'result' -> 'numbers' FROM command
             WHERE instance_id = %s AND kind = 'CompleteService'"""
    ((count, numbers),) = office.rows(sql, instance)
    return count, numbers


def test_a_worker_counts_the_tickets_of_a_category_that_were_resolved_lately(desk: Office) -> None:
    solved(desk)
    solved(desk, "invoice")
    assert counted(desk, solved(desk)) == (2, [3, 1])


def test_so_many_days_ago_is_too_long_ago_by_a_second(desk: Office) -> None:
    solved(desk)
    desk.at(MONDAY + timedelta(seconds=1))
    solved(desk)
    desk.at(MONDAY + timedelta(days=30))
    assert counted(desk, solved(desk)) == (2, [3, 2])


def test_what_was_opened_again_does_not_count_and_what_is_closed_does(desk: Office) -> None:
    reopened, closed = solved(desk), solved(desk, "invoice")
    complete(desk, reopened, "look")
    complete(desk, closed, "look")
    assert desk.rows("SELECT status FROM ticket ORDER BY number") == [("new",), ("closed",)]
    assert counted(desk, solved(desk)) == (1, [3])
    assert counted(desk, solved(desk, "invoice")) == (2, [4, 2])


@pytest.mark.parametrize("days", [0, 3661, 1.5, "thirty", True, None])
def test_days_that_are_none_are_an_incident_at_the_first_try(desk: Office, days: object) -> None:
    solved(desk, days=days)
    ((message,),) = desk.rows("SELECT message FROM incident WHERE closed_at IS NULL")
    assert "Expected days of desk.similar_tickets to be a whole number from 1 to 3660" in str(message)
    assert desk.rows("SELECT attempts FROM outbox WHERE kind = 'service'") == [(1,)]
