"""A scratch database on the running servers: migrated, with the bench pack deployed, dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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


def prepare(settings: Settings) -> int:
    """Migrate a scratch database and deploy the bench pack; return the desk's id."""
    migrate(settings.admin_database_url)
    casepath = open_casepath(settings)
    pack = read_pack(PACK)
    desk = casepath.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, casepath.clock.now())
    casepath.deployments.deploy(desk.id, pack.files, operator())
    casepath.close()
    return desk.id
