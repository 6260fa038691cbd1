"""How a ticket begins: the instance of its root process and its first variables."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from engine.errors import InvalidInput, NotFound
from engine.ids import Ids
from engine.runtime.commands import OpenTicket
from engine.runtime.instance import Instance, Timeline
from engine.runtime.keeping import judge_line, kept
from engine.runtime.mailed import came_by
from engine.runtime.state import State, TicketFacts
from engine.runtime.step import Step, environment
from engine.runtime.world import World
from engine.spiff import SEMANTICS, Run

FIRST_STATE = "new"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def open_ticket(command: OpenTicket, now: datetime, world: World, ids: Ids, timeline: Timeline) -> Step:
    """Start the root process of a ticket and return the step so far.

    `command.number` must be given. Raises NotFound for an unknown process, InvalidInput for a ticket
    without subject or name, or with fields that can't be kept.
    """
    if command.process not in world.versions:
        raise NotFound(f"Expected a deployed process, but {command.process!r} is not one.")
    check_ticket(command)
    _check_words(command, world)
    instance = _new_instance(command, now, world, ids, timeline)
    world = world.under(instance.terms_id)
    state = State(None, TicketFacts(command.number or 0, FIRST_STATE, command.category, command.priority))
    run = Run.begin(
        world.program,
        command.process,
        _first_variables(command),
        environment(world, now, ids, state),
        message=command.start_message,
        signal=command.start_signal,
    )
    step = Step(instance, run, state, world, now, ids)
    _announce(step, command)
    step.settle(command.actor)
    return step


def check_ticket(command: OpenTicket) -> None:
    """Judge what a ticket is opened with, before a customer is looked for. Raises InvalidInput naming each field."""
    wrong = {name: sentence for name, text in _lines(command).items() if (sentence := judge_line(text))}
    if not command.subject.strip():
        wrong["subject"] = "Expected a subject, but it is empty."
    if not command.requester.name.strip():
        wrong["requester.name"] = "Expected the customer's name, but it is empty."
    if command.requester.email and not _ADDRESS.fullmatch(command.requester.email):
        wrong.setdefault("requester.email", f"Expected a mail address, but got {command.requester.email!r}.")
    if wrong:
        raise InvalidInput("Expected a complete ticket, but some fields are missing or wrong.", wrong)


def _check_words(command: OpenTicket, world: World) -> None:
    """Refuse a category or priority that the pack doesn't know: nobody's rule or report would find the ticket."""
    wrong = {}
    for name, word in (("category", command.category), ("priority", command.priority)):
        known = world.vocabularies.get(name, ())
        if word is not None and known and word not in known:
            wrong[name] = f"Expected one of {', '.join(known)}, but got {word!r}."
    if wrong:
        raise InvalidInput("Expected words of the pack, but some are unknown.", wrong)


def _lines(command: OpenTicket) -> dict[str, str | None]:
    requester = command.requester
    return {
        "subject": command.subject,
        "requester.name": requester.name,
        "requester.email": requester.email,
        "requester.phone": requester.phone,
        "channel": command.channel,
        "process": command.process,
        "category": command.category,
        "priority": command.priority,
        "external_ref": command.external_ref,
    }


def _new_instance(command: OpenTicket, now: datetime, world: World, ids: Ids, timeline: Timeline) -> Instance:
    return Instance(
        id=ids.uuid(),
        desk_id=command.desk_id,
        ticket_number=command.number or 0,
        process=command.process,
        version=world.versions[command.process],
        snapshot_id=world.snapshot_id,
        timeline=timeline,
        status="running",
        semantics=SEMANTICS,
        revision=0,
        state=b"",
        head=b"",
        length=0,
        started_at=now,
        last_event_at=now,
        terms_id=world.newest(),
        start_key=command.start_key,
    )


def _first_variables(command: OpenTicket) -> dict[str, Any]:
    requester = command.requester
    ticket = {
        "number": command.number,
        "subject": command.subject,
        "description": command.description,
        "channel": command.channel,
        "requester": {"name": requester.name, "email": requester.email, "phone": requester.phone},
        **({"follows": command.follows} if command.follows else {}),
    }
    given = {"category": command.category, "priority": command.priority}
    return kept({**command.fields, **given, "ticket": ticket})


def _announce(step: Step, command: OpenTicket) -> None:
    requester = command.requester
    data = {
        "number": command.number,
        "channel": command.channel,
        "process": command.process,
        "status": FIRST_STATE,
        "label": step.world.label(FIRST_STATE),
        "requester": str(requester.id) if requester.id else None,
    }
    values = {
        "subject": command.subject,
        "description": command.description,
        "requester": {"name": requester.name, "email": requester.email, "phone": requester.phone},
        "category": command.category,
        "priority": command.priority,
        "external_ref": command.external_ref,
        "fields": kept(command.fields),
    }
    by_mail, said_by_mail = came_by(command)
    step.emit("ticket_opened", command.actor, {**data, **by_mail}, {**values, **said_by_mail})
    if command.follows:
        linked = {"kind": "follows", "other": command.follows, "field": "follows"}
        step.emit("ticket_linked", command.actor, linked)
    started = {"process": step.instance.process, "version": step.instance.version}
    step.emit("instance_started", command.actor, {**started, "snapshot": str(step.instance.snapshot_id)})
    if command.message_id is not None:
        begun = next(it.element for it in step.run.happenings if it.kind == "entered")
        brought = {"message": str(command.message_id), "element": begun, "name": command.start_message}
        step.emit("message_received", command.actor, brought)
