"""A desk in virtual time on the real database: what stories are told with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.catalog.pack import PackSource, read_pack
from engine.clock import VirtualClock
from engine.deployments import Deployments, root_process
from engine.reads import Reads
from engine.runtime.commands import SYSTEM, Actor, CompleteTask, DeliverMessage, OpenTicket, Requester
from engine.scenarios import looking
from engine.scenarios.expecting import path_of
from engine.scenarios.stage import Stage
from engine.store import Store
from engine.worlds import Worlds

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GENERIC_DESK = Path(__file__).resolve().parents[2] / "processes" / "generic_desk"
CUSTOMER = Actor("customer", "ann", "Ann Meyer")


@dataclass
class Desk:
    """One desk, its pack and its clock; verbs are those of people."""

    stage: Stage
    pack: PackSource

    @property
    def reads(self) -> Reads:
        return Reads(self.stage.store)

    def deploy(self, files: Mapping[str, bytes]) -> None:
        self.pack = PackSource.from_files(files)
        Deployments(self.stage.store).deploy(self.stage.desk_id, files, SYSTEM)

    def opens(self, subject: str = "Export fails", **more: Any) -> int:
        return self.stage.handle(
            OpenTicket(
                id=uuid4(),
                desk_id=self.stage.desk_id,
                actor=CUSTOMER,
                process=root_process(self.pack),
                channel="web_form",
                subject=subject,
                description=subject,
                requester=Requester("Ann Meyer", "ann@example.com"),
                **more,
            )
        ).ticket_number

    def completes(self, ticket: int, element: str, **fields: Any) -> None:
        person = self.stage.person("Kim", ["agent"], list(self.pack.queues))
        id = self.task(ticket, element)
        self.stage.handle(
            CompleteTask(id=uuid4(), desk_id=self.stage.desk_id, actor=person, task_id=id, fields=fields)
        )

    def confirms(self, ticket: int, satisfied: bool = True) -> None:
        self.stage.handle(
            DeliverMessage(
                id=uuid4(),
                desk_id=self.stage.desk_id,
                actor=CUSTOMER,
                ticket=ticket,
                name="customer_confirmation",
                payload={"satisfied": satisfied},
            )
        )

    def waits(self, **span: float) -> None:
        self.stage.advance_to(self.stage.clock.now() + timedelta(**span))
        self.stage.settle()

    def solves(self, ticket: int) -> None:
        self.completes(ticket, "triage", category="bug_report", impact="medium", urgency="medium")
        self.completes(ticket, "work", result="solved", resolution_type="answer", answer="Use the new menu.")

    def task(self, ticket: int, element: str) -> UUID:
        tasks = looking.open_tasks(self.stage.store, self.stage.desk_id, ticket)
        return next(task.id for task in tasks if task.element == element)

    def tasks(self, ticket: int) -> list[str]:
        return [task.element for task in looking.open_tasks(self.stage.store, self.stage.desk_id, ticket)]

    def status(self, ticket: int) -> str:
        row = looking.ticket(self.stage.store, self.stage.desk_id, ticket)
        assert row is not None
        return row.status

    def deadlines(self, ticket: int) -> dict[str, datetime]:
        return dict(looking.deadlines(self.stage.store, self.stage.desk_id, ticket))

    def path(self, ticket: int) -> list[str]:
        return path_of(self.stage.events[ticket])

    def mails(self) -> list[str]:
        return [notice.template for notice in self.stage.notices]


@pytest.fixture(scope="session")
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def desk_of(store: Store) -> Callable[[Mapping[str, bytes]], Desk]:
    def make(files: Mapping[str, bytes]) -> Desk:
        pack = PackSource.from_files(files)
        row = store.desks.add(f"story-{uuid4()}", pack.title, pack.id, pack.time_zone, MONDAY)
        desk = Desk(Stage(store, Worlds(store), row.id, VirtualClock(MONDAY)), pack)
        desk.deploy(files)
        return desk

    return make


@pytest.fixture
def desk(desk_of: Callable[[Mapping[str, bytes]], Desk]) -> Desk:
    """The bundled desk on a Monday morning."""
    return desk_of(read_pack(GENERIC_DESK).files)
