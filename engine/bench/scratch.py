"""A scratch database on the running servers: migrated, with the bench pack deployed, dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from engine.bootstrap import Casepath, open_casepath
from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import SYSTEM, CompleteTask, OpenTicket, Requester
from engine.settings import Settings
from engine.store.migrate import migrate
from engine.store.scratch import scratch_database, with_database

PACK = Path(__file__).parent / "pack"
GOALS = Path(__file__).parent / "goals"
FAR = timedelta(days=3650)


_ARM = """
INSERT INTO timer (desk_id, id, instance_id, ticket_number, element, due_at, state, armed_at, timeline)
SELECT %(desk)s, gen_random_uuid(), gen_random_uuid(), 1000000 + number, 'wait', %(due)s, 'armed', now(), 'live'
FROM generate_series(1, %(timers)s) AS number
"""


@dataclass(frozen=True)
class Bench:
    """An installation to measure, and its desk."""

    casepath: Casepath
    desk_id: int

    def open_ticket(self) -> tuple[UUID, UUID]:
        """Open a ticket; return its instance and its first task."""
        outcome = self.casepath.engine.handle(
            OpenTicket(
                id=uuid4(),
                desk_id=self.desk_id,
                actor=SYSTEM,
                process="bench_loop",
                channel="bench",
                subject="A ticket of the bench",
                description="",
                requester=Requester("Bench"),
            )
        )
        return outcome.instance_id, next_task(outcome.events)

    def step(self, task: UUID) -> UUID:
        """Complete a task; return the next one."""
        command = CompleteTask(
            id=uuid4(), desk_id=self.desk_id, actor=SYSTEM, task_id=task, fields={"result": "again"}
        )
        return next_task(self.casepath.engine.handle(command).events)


def next_task(events: object) -> UUID:
    """Return the task that a step opened."""
    return next(UUID(event.data["task"]) for event in events if event.kind == "task_opened")  # type: ignore[attr-defined]


@contextmanager
def scratch(settings: Settings) -> Iterator[Settings]:
    """Give the settings of a new database beside the installation's own, and drop it afterwards."""
    with scratch_database(settings.admin_database_url, "casepath_bench") as name:
        yield replace(
            settings,
            database_url=with_database(settings.database_url, name),
            admin_database_url=with_database(settings.admin_database_url, name),
        )


def prepare(settings: Settings, *, goals: bool = False, timers: int = 0) -> int:
    """Migrate a scratch database and deploy the bench pack; return the desk's id.

    With `goals` each ticket has three, by working hours; `timers` are armed for other tickets, far in the future.
    """
    migrate(settings.admin_database_url)
    casepath = open_casepath(settings)
    pack = read_pack(PACK)
    desk = casepath.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, casepath.clock.now())
    casepath.deployments.deploy(desk.id, with_goals(pack.files) if goals else pack.files, operator())
    with casepath.store.transaction() as connection:
        connection.execute(_ARM, {"desk": desk.id, "due": casepath.clock.now() + FAR, "timers": timers})
    casepath.close()
    return desk.id


def with_goals(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the bench pack with three goals, their calendar and their targets."""
    more = {
        path.relative_to(GOALS).as_posix(): path.read_bytes() for path in GOALS.rglob("*") if path.is_file()
    }
    promises = more.pop("goals.toml")
    return {**files, **more, "pack.toml": files["pack.toml"] + promises}
