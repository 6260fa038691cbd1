"""What Casepath answers itself, to a process that asks: tickets that are alike, that came in together, that run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from engine.reads import Reads, clusters
from engine.records import KINDS
from engine.runtime.commands import SYSTEM, CompleteTask, OpenTicket, Requester
from tests.office import MANIFEST, MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, mapping, node
from tests.store.explain import rows_read

ASKED = mapping({"category": "=category", "days": "=days"}, {"count": "=count", "numbers": "=numbers"})
COUNT = node("service", "ask", extension(f'<zeebe:taskDefinition type="desk.similar_tickets" />{ASKED}'))
PROCESS = draw(
    f"start s; user solve; {node('throw', 'solved', casepath_state='resolved')}; {COUNT}; user look; xor x;"
    f" {node('user', 'again', casepath_state='new')}; {node('end', 'e', casepath_state='closed')}",
    's>solve>solved>ask>look>x; x>again [=category = "bug"]; x>e *; again>e',
)


@pytest.fixture
def desk(office: Office) -> Office:
    return with_states(office, PROCESS)


def with_states(office: Office, process: bytes) -> Office:
    """The desk with a process whose tickets are resolved and closed."""
    states = MANIFEST.replace(b'new = "New"', b'new = "New"\nresolved = "Resolved"\nclosed = "Closed"')
    office.deploy(process, **{"pack.toml": states})
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


CLUSTER = mapping(
    {"category": "=category", "minutes": "=minutes", "area": "=asked_area"},
    {"count": "=count", "clients": "=clients", "numbers": "=numbers"},
)
GATHER = node("service", "ask", extension(f'<zeebe:taskDefinition type="desk.open_tickets" />{CLUSTER}'))
GATHERING = draw(
    f"start s; user triage; {GATHER};"
    f" user work; {node('throw', 'solved', casepath_state='resolved')}; user look; end e",
    "s>triage>ask>work>solved>look>e",
)


@pytest.fixture
def street(office: Office) -> Office:
    """A desk where each ticket asks, once it was triaged, which others came in with it."""
    return with_states(office, GATHERING)


def told(office: Office, client: str, category: str = "bug", **fields: object) -> UUID:
    """A client opens a ticket in the North, which is not triaged yet."""
    command = OpenTicket(
        id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, process="p", channel="web", subject="It is broken",
        description="", requester=Requester(client, f"{client}@example.com"), category=category,
        fields={"area": "North", "minutes": 15, "asked_area": "North", **fields},
    )  # fmt: skip
    return office.casepath.engine.handle(command).instance_id


def gathered(office: Office, instance: UUID) -> tuple[object, ...]:
    """Triage a ticket; return what it was answered: how many, of how many clients, and which."""
    complete(office, instance, "triage")
    sql = """SELECT body -> 'result' -> 'count', body -> 'result' -> 'clients', body -> 'result' -> 'numbers'
             FROM command WHERE instance_id = %s AND kind = 'CompleteService'"""
    (found,) = office.rows(sql, instance)
    return found


def test_open_tickets_that_came_in_together_are_counted_by_ticket_and_by_client(street: Office) -> None:
    told(street, "ann")
    told(street, "ann")
    assert gathered(street, told(street, "bob")) == (3, 2, [1, 2, 3])


def test_tickets_belong_together_to_the_last_moment_and_not_a_second_longer(street: Office) -> None:
    told(street, "ann")
    street.at(MONDAY + timedelta(seconds=1))
    told(street, "bob")
    street.at(MONDAY + timedelta(minutes=15))
    assert gathered(street, told(street, "cid")) == (3, 3, [1, 2, 3])
    street.at(MONDAY + timedelta(minutes=15, seconds=1))
    assert gathered(street, told(street, "dan"))[1:] == (3, [2, 3, 4])


def test_a_ticket_that_is_looked_at_late_belongs_to_those_it_came_in_with(street: Office) -> None:
    """Neither the time of triage counts, nor who is triaged first."""
    early = [told(street, "ann"), told(street, "bob")]
    street.at(MONDAY + timedelta(minutes=10))
    told(street, "cid")
    street.at(MONDAY + timedelta(minutes=20))
    told(street, "dan")
    street.at(MONDAY + timedelta(hours=3))
    assert gathered(street, early[0]) == (3, 3, [1, 2, 3])


def test_of_several_spans_the_one_with_most_clients_counts(street: Office) -> None:
    told(street, "ann")
    street.at(MONDAY + timedelta(minutes=10))
    middle = told(street, "bob")
    for client in ("cid", "dan"):
        street.at(street.casepath.clock.now() + timedelta(minutes=7))
        told(street, client)
    assert gathered(street, middle) == (3, 3, [2, 3, 4])


def test_another_category_or_area_and_what_is_resolved_does_not_count(street: Office) -> None:
    done = told(street, "ann")
    gathered(street, done)
    complete(street, done, "work")
    told(street, "bob", "invoice")
    told(street, "cid", area="South")
    told(street, "dan", area=None)
    assert gathered(street, told(street, "eve", area=" north ")) == (1, 1, [5])
    assert gathered(street, told(street, "fay", asked_area=None)) == (4, 4, [3, 4, 5, 6])


def account(office: Office, number: str, email: str | None, area: str | None, **more: object) -> None:
    facts = {"number": number, "name": number, "email": email, "area": area, "currency": "EUR", **more}
    office.casepath.records.enter(office.desk_id, [(KINDS["account"], facts)])


def test_the_area_of_a_ticket_is_that_of_its_customer_s_account(street: Office) -> None:
    account(street, "A-1", "ANN@example.com", "North")
    account(street, "A-2", "bob@example.com", "South")
    account(street, "A-3", "cid@example.com", "North")
    account(street, "A-4", "cid@example.com", "South")
    account(street, "A-5", "dan@example.com", "North", status="closed")
    for client in ("ann", "bob", "cid", "dan"):
        told(street, client, area=None)
    told(street, "cid", area=None, account="A-3")
    assert gathered(street, told(street, "eve", area="NORTH")) == (3, 3, [1, 5, 6])
    reads = Reads(street.casepath.store)
    areas = [reads.area_of(street.desk_id, number) for number in range(1, 7)]
    assert areas == ["North", "South", None, None, "North", "NORTH"]


def test_the_area_of_one_ticket_is_found_without_reading_the_accounts_of_all(street: Office) -> None:
    """Of an outage hundreds of tickets ask, and each asks for the areas of all others."""
    for client in ("ann", "bob", "cid"):
        told(street, client, area=None)
    with psycopg.connect(street.casepath.settings.admin_database_url, autocommit=True) as owner:
        owner.execute(
            """INSERT INTO account (desk_id, number, name, email, phone, area, currency, status, high_value,
                   opened_at)
               SELECT %s, 'N-' || i, 'N', 'n' || i || '@example.com', '0' || i, 'North', 'EUR', 'active', false, now()
               FROM generate_series(1, 3000) i""",
            (street.desk_id,),
        )
        owner.execute("ANALYZE")
        asked: dict[str, Any] = {"desk": street.desk_id, "number": 1, "category": "bug", "area": "North"}
        asked |= {"span": timedelta(minutes=15), "until": street.casepath.clock.now(), "timeline": "live"}
        read = rows_read(owner, clusters._FULLEST, asked)
    assert 0 < read < 300


@pytest.mark.parametrize("minutes", [0, 10_081, 0.5, None])
def test_minutes_that_are_none_are_an_incident_at_the_first_try(street: Office, minutes: object) -> None:
    complete(street, told(street, "ann", minutes=minutes), "triage")
    ((message,),) = street.rows("SELECT message FROM incident WHERE closed_at IS NULL")
    assert "Expected minutes of desk.open_tickets to be a whole number from 1 to 10080" in str(message)
