"""Writes steps by hand: the same calls in the same order as `Engine.handle`, with events that a test chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine.audit.trail import genesis, link
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import Actor, AddEntry, Command, CompleteTask, OpenTicket, Requester
from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store import Store, UnitOfWork

ANN = Actor(
    "person", "0195a5c5-0000-7000-8000-00000000a22a", "Ann", frozenset({"agent"}), frozenset({"tier1"})
)


class Hand:
    """One desk, one actor, one moment that a test may move."""

    def __init__(self, store: Store, desk_id: int, now: datetime) -> None:
        self.store = store
        self.desk_id = desk_id
        self.now = now

    def opening(
        self, subject: str = "It blinks", requester: Requester | None = None, **more: Any
    ) -> OpenTicket:
        return OpenTicket(
            id=uuid4(),
            desk_id=self.desk_id,
            actor=ANN,
            process="helpdesk",
            channel="phone",
            subject=subject,
            description="Since Monday.",
            requester=requester or Requester("Cora", "cora@example.com"),
            **more,
        )

    def open(self, command: OpenTicket | None = None, *events: Event, timeline: str = "live") -> Instance:
        """Open a ticket with an instance; return the instance as saved."""
        command = command or self.opening()
        with self.store.unit_of_work(self.desk_id) as work:
            opened = work.open(command.address, command.id)
            customer = work.customer(command.requester, self.now)
            instance = self.new_instance(opened.number or 0, timeline)
            first = self.ticket_opened(command, customer)
            return self.finish(work, command, instance, None, [first, *events])

    def step(self, command: Command, events: Iterable[Event] = (), **changes: Any) -> Instance:
        """Do a command to the instance of its address."""
        with self.store.unit_of_work(self.desk_id) as work:
            opened = work.open(command.address, command.id)
            assert opened.instance is not None
            before = opened.instance
            after = replace(before, revision=before.revision + 1, last_event_at=self.now, **changes)
            return self.finish(work, command, after, before.revision, events)

    def happen(self, instance: Instance, *events: Event, **changes: Any) -> Instance:
        """Let events happen to an instance, as an entry's command."""
        return self.step(self.entry(instance), events, **changes)

    def finish(
        self,
        work: UnitOfWork,
        command: Command,
        instance: Instance,
        revision: int | None,
        events: Iterable[Event],
    ) -> Instance:
        seed = fresh_seed()
        links, head, length = link(
            instance.head or genesis(instance.id),
            instance.length,
            events,
            chain=instance.id,
            command=command.id,
            at=self.now,
            recorded_at=self.now,
            ids=Ids(seed, self.now),
        )
        instance = replace(instance, head=head, length=length)
        work.save(instance, revision)
        work.append(links)
        work.project(events, instance)
        outcome = {"ticket": instance.ticket_number, "revision": instance.revision}
        work.record(command, instance=instance, seed=seed, at=self.now, recorded_at=self.now, outcome=outcome)
        work.commit()
        return instance

    def new_instance(self, number: int, timeline: str = "live") -> Instance:
        return Instance(
            id=uuid4(), desk_id=self.desk_id, ticket_number=number, process="helpdesk", version=1,
            snapshot_id=uuid4(), timeline=timeline, status="running", semantics=1, revision=1, state=b"state",
            head=b"", length=0, started_at=self.now, last_event_at=self.now,
        )  # fmt: skip

    def entry(self, instance: Instance) -> AddEntry:
        return AddEntry(
            id=uuid4(), desk_id=self.desk_id, actor=ANN, ticket=instance.ticket_number, kind="note", public=False,
            body="A note",
        )  # fmt: skip

    def complete(self, task_id: UUID, **more: Any) -> CompleteTask:
        return CompleteTask(id=uuid4(), desk_id=self.desk_id, actor=ANN, task_id=task_id, **more)

    def ticket_opened(self, command: OpenTicket, customer: UUID) -> Event:
        data = {
            "status": "new", "label": "New", "channel": command.channel, "requester": str(customer),
        }  # fmt: skip
        values = {
            "subject": command.subject,
            "description": command.description,
            "priority": command.priority,
            "external_ref": command.external_ref,
            "fields": dict(command.fields),
        }
        return Event("ticket_opened", ANN, data, values)

    def row(self, table: str, **key: Any) -> dict[str, Any] | None:
        """Return the one row of a table at this desk, or None."""
        found = self.rows(table, **key)
        assert len(found) < 2
        return found[0] if found else None

    def rows(self, table: str, **key: Any) -> list[dict[str, Any]]:
        condition = " AND ".join(["desk_id = %s", *(f"{name} = %s" for name in key)])
        with self.store.transaction() as connection:
            cursor = connection.execute(
                f"SELECT * FROM {table} WHERE {condition}", [self.desk_id, *key.values()]
            )
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def task_opened(task: UUID, **data: Any) -> Event:
    given: Mapping[str, Any] = {"element": "work", "name": "Work on it", "queue": "tier1", **data}
    return Event("task_opened", ANN, {"task": str(task), **given})


def timer_armed(timer: UUID, due: datetime, **data: Any) -> Event:
    return Event("timer_armed", ANN, {"timer": str(timer), "element": "remind", "due": due, **data})


def happened(kind: str, values: Mapping[str, Any] | None = None, /, **data: Any) -> Event:
    return Event(kind, ANN, data, values or {})
