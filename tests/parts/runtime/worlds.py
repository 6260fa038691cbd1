"""Worlds and tickets for tests of the pure step: no database, no clock, no chance."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from engine.ids import Ids
from engine.runtime.commands import Actor, Command, OpenTicket, Requester
from engine.runtime.take import Advanced, start, take
from engine.runtime.world import World
from engine.spiff import Program, check_diagram

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SNAPSHOT = UUID(int=7)
ANN = Actor("person", str(UUID(int=1)), "Ann", frozenset({"agent"}), frozenset({"tier1"}))
BEN = Actor("person", str(UUID(int=2)), "Ben", frozenset({"agent"}), frozenset({"tier1"}))
LEAD = Actor("person", str(UUID(int=3)), "Lea", frozenset({"lead"}))
CUSTOMER = Actor("customer", str(UUID(int=4)), "Cara")


def world(source: bytes, **facts: Any) -> World:
    """Return the world of one diagram whose process is called `p`."""
    diagram, findings = check_diagram(source, "test.bpmn")
    assert diagram is not None, findings
    return World(SNAPSHOT, Program.link([diagram]), {"p": 1}, **facts)


class Desk:
    """Drives one ticket through the pure step; `state` is what a database would keep."""

    def __init__(self, source: bytes, **facts: Any) -> None:
        self.world = world(source, **facts)
        self.numbers = count(1)
        self.advanced: Advanced

    def open(self, now: datetime = MONDAY, **fields: Any) -> Advanced:
        command = OpenTicket(
            id=self.next_id(), desk_id=1, actor=CUSTOMER, process="p", channel="web", subject="It is broken",
            description="", requester=Requester("Cara", "cara@example.com", id=UUID(int=9)), number=1, fields=fields,
        )  # fmt: skip
        self.advanced = start(command, now, self.world, Ids(command.id.bytes, now))
        return self.advanced

    def take(self, kind: type[Command], now: datetime, /, actor: Actor = ANN, **facts: Any) -> Advanced:
        command = kind(id=self.next_id(), desk_id=1, actor=actor, **facts)
        instance = self.advanced.instance
        self.advanced = take(instance, command, now, self.world, Ids(command.id.bytes, now))
        return self.advanced

    def next_id(self) -> UUID:
        return UUID(int=100 + next(self.numbers))

    def opened(self, element: str) -> UUID:
        """The id of the last task, timer or job that was opened at an element."""
        for event in reversed(self.history):
            if event.data.get("element") == element:
                for name in ("task", "timer", "subscription", "job"):
                    if name in event.data:
                        return UUID(event.data[name])
        raise AssertionError(f"nothing was opened at {element}")

    @property
    def history(self) -> list[Any]:
        """The events of the last step."""
        return list(self.advanced.events)


def kinds(advanced: Advanced) -> list[str]:
    """The kinds of what happened, in order."""
    return [event.kind for event in advanced.events]


def only(advanced: Advanced, kind: str) -> Any:
    """The one event of a kind."""
    (event,) = [event for event in advanced.events if event.kind == kind]
    return event
