"""What nobody looks after is found, on the real database, in virtual time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from engine.clock import VirtualClock
from engine.reads import Incident
from engine.runtime.commands import RetryIncident
from engine.store.watch import BEGINNING
from engine.workers.detector import Detector
from engine.workers.scheduler import Scheduler
from tests.office import MONDAY, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, node, on_timer

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATIENCE = 15 * MINUTE
WAITING = draw(
    f"start s; user work; {on_timer('late', 'work', 'PT1H')}; user lead; end e; end x", "s>work>e late>lead>x"
)
BOOK = node("service", "book", extension('<zeebe:taskDefinition type="book" />'))
ASKING = draw(f"start s; {BOOK}; end e", "s>book>e")
HANDLER = "from engine.services import handler\n\n@handler('book')\ndef book(job):\n    "
ANSWERING, FAILING = (
    f"{HANDLER}{does}\n".encode() for does in ("return {'room': 7}", "raise OSError('away')")
)


class Watcher:
    """A detector with a wall clock of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.wall = VirtualClock(MONDAY)
        casepath = office.casepath
        self.detector = Detector(
            casepath.engine, casepath.store, casepath.clock, patience=PATIENCE, recorder=self.wall
        )

    def look(self, after: timedelta = timedelta(0)) -> int:
        self.wall.advance(after)
        return self.detector.look()

    def incidents(self) -> list[Incident]:
        return self.office.casepath.reads.incidents(self.office.desk_id)


@pytest.fixture
def watcher(office: Office) -> Watcher:
    return Watcher(office)


def about(watcher: Watcher) -> list[tuple[str, str | None]]:
    return [(it.kind, it.element) for it in watcher.incidents()]


def test_a_quiet_office_has_nothing_forgotten(office: Office, watcher: Watcher) -> None:
    office.deploy(WAITING)
    office.open()
    assert [watcher.look(), watcher.look(HOUR)] == [0, 0]


def test_a_timer_that_nobody_fires_becomes_an_incident_after_a_while(
    office: Office, watcher: Watcher
) -> None:
    office.deploy(WAITING)
    office.open()
    office.at(MONDAY + 2 * HOUR)
    assert [watcher.look(), watcher.look(14 * MINUTE)] == [0, 0]
    assert watcher.look(MINUTE) == 1
    assert about(watcher) == [("overdue", "late")]
    assert watcher.look(HOUR) == 0


def test_after_an_outage_overdue_timers_fire_without_an_incident(office: Office, watcher: Watcher) -> None:
    office.deploy(WAITING)
    office.open()
    office.at(MONDAY + 9 * HOUR)
    watcher.look()
    office.settle()
    assert watcher.look(HOUR) == 0
    assert office.fired() == ["late"]


def test_an_overdue_timer_that_is_fired_at_last_closes_its_incident(office: Office, watcher: Watcher) -> None:
    office.deploy(WAITING)
    office.open()
    office.at(MONDAY + 2 * HOUR)
    watcher.look()
    watcher.look(PATIENCE)
    office.settle()
    assert office.fired() == ["late"]
    assert watcher.incidents() == []


def test_a_lead_who_tries_an_overdue_timer_again_fires_it(office: Office, watcher: Watcher) -> None:
    office.deploy(WAITING)
    office.open()
    office.at(MONDAY + 2 * HOUR)
    watcher.look()
    watcher.look(PATIENCE)
    (incident,) = watcher.incidents()
    office.casepath.engine.handle(
        RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=incident.id)
    )
    assert (office.fired(), watcher.incidents()) == (["late"], [])


def test_a_call_that_nobody_begins_becomes_an_incident_and_is_answered_all_the_same(
    office: Office, watcher: Watcher
) -> None:
    office.deploy(ASKING, services_py=ANSWERING)
    office.open()
    assert [watcher.look(), watcher.look(14 * MINUTE), watcher.look(MINUTE)] == [0, 0, 1]
    assert about(watcher) == [("service", "book")]
    office.settle()
    assert watcher.incidents() == []
    assert office.rows("SELECT status FROM instance") == [("ended",)]


def test_a_call_that_is_tried_now_and_then_is_not_forgotten(office: Office, watcher: Watcher) -> None:
    office.deploy(ASKING, services_py=FAILING)
    office.open()
    watcher.look()
    office.settle()
    assert watcher.look(PATIENCE) == 0


def test_what_an_instance_waits_for_and_no_table_knows_becomes_an_incident(
    office: Office, watcher: Watcher
) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    office.open()
    office.rows("UPDATE task SET state = 'cancelled' RETURNING id")
    assert watcher.look() == 1
    assert about(watcher) == [("lost", "work")]
    assert watcher.look() == 0


def test_an_instance_in_which_nothing_waits_becomes_an_incident(office: Office, watcher: Watcher) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    instance = office.open()
    without_its_wait(office, instance)
    assert watcher.look() == 1
    assert about(watcher) == [("stuck", None)]
    assert "nothing in it waits" in watcher.incidents()[0].message


def test_an_instance_of_an_unknown_format_becomes_an_incident_once(office: Office, watcher: Watcher) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    office.open()
    office.rows("UPDATE task SET state = 'cancelled' RETURNING id")
    office.rows("""UPDATE instance SET state = '{"v": 99}' RETURNING id""")
    watcher.look()
    assert about(watcher) == [("state", None)]
    assert "format" in watcher.incidents()[0].message
    watcher.look()
    assert len(watcher.incidents()) == 1


def test_open_instances_are_walked_through_in_parts(office: Office) -> None:
    office.deploy(WAITING)
    opened = {office.open() for _ in range(5)}
    office.rows("UPDATE task SET state = 'cancelled' RETURNING id")
    office.rows("UPDATE timer SET state = 'cancelled' RETURNING id")
    watch, found = office.casepath.store.watch, []
    place, parts = BEGINNING, 0
    while parts == 0 or place != BEGINNING:
        part, place = watch.forgotten(place, part=2)
        found += [it.id for it in part]
        parts += 1
    assert (sorted(found), parts) == (sorted(opened), 3)


def without_its_wait(office: Office, instance: UUID) -> None:
    """Leave a token in the state that waits for nothing, as no version of Casepath should."""
    (row,) = office.rows("SELECT state FROM instance WHERE id = %s", instance)
    state = orjson.loads(bytes(row[0]))  # type: ignore[arg-type]
    for token in state["run"]["t"]:
        token[1] = []
    office.rows("UPDATE instance SET state = %s WHERE id = %s RETURNING id", orjson.dumps(state), instance)
    office.rows("UPDATE task SET state = 'cancelled' RETURNING id")


def test_the_scheduler_looks_once_a_minute_as_it_tidies(office: Office, watcher: Watcher) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    office.open()
    casepath = office.casepath
    scheduler = Scheduler(casepath.store, casepath.clock, office.redis, beside=[watcher.detector])
    scheduler.tidy()
    office.rows("UPDATE task SET state = 'cancelled' RETURNING id")
    watcher.wall.advance(59 * MINUTE / 60)
    scheduler.tidy()
    assert watcher.incidents() == []
    watcher.wall.advance(MINUTE / 60)
    scheduler.tidy()
    assert about(watcher) == [("lost", "work")]
