"""The desk of `tests/packs/promises`: three goals, one working calendar, and a ticket that goes where it is sent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from engine.bootstrap import Casepath
from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import SYSTEM, Actor, AddEntry, CompleteTask, OpenTicket, Requester

PACK = Path(__file__).resolve().parents[1] / "packs" / "promises"


class Promised:
    """Its only ticket, worked by Kim; each verb happens at a moment."""

    def __init__(self, casepath: Casepath, desk_id: int | None = None) -> None:
        self.casepath = casepath
        if desk_id is None:
            files = read_pack(PACK).files
            desk_id = casepath.store.desks.add("promises", "Promises", "promises", "Europe/Berlin", OPENED).id
            casepath.deployments.deploy(desk_id, files, operator())
        self.desk_id = desk_id
        self.number = 0

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.casepath.store.installation.set_test_clock(moment)

    def opens(self, moment: datetime, priority: str | None = "normal", subject: str = "Export fails") -> None:
        """A customer opens the ticket."""
        self.at(moment)
        command = OpenTicket(
            id=uuid4(), desk_id=self.desk_id, actor=SYSTEM, process="promised", channel="web",
            subject=subject, description=subject, requester=Requester("Cara", "cara@example.com"), priority=priority,
        )  # fmt: skip
        self.number = self.casepath.engine.handle(command).ticket_number

    def does(self, moment: datetime, next: str = "more", **fields: Any) -> None:
        """Complete the open task, and say what is next: more, ask, solve or reopen."""
        self.at(moment)
        (task,) = self.casepath.reads.tasks(self.desk_id, ticket=self.number, state="open").items
        given = {"next": next, **fields}
        self.casepath.engine.handle(
            CompleteTask(id=uuid4(), desk_id=self.desk_id, actor=KIM, task_id=task.id, fields=given)
        )

    def replies(self, moment: datetime) -> None:
        """The desk writes to the customer."""
        self.at(moment)
        command = AddEntry(
            id=uuid4(), desk_id=self.desk_id, actor=KIM, ticket=self.number, kind="reply", public=True,
            body="We look into it.",
        )  # fmt: skip
        self.casepath.engine.handle(command)


KIM = Actor(
    "person", "00000000-0000-0000-0000-00000000000c", "Kim", frozenset({"agent"}), frozenset({"tier1"})
)
OPENED = datetime.fromisoformat("2026-03-02T09:30:00+01:00")
