"""What a scenario may do: each verb becomes what a person, a customer, a program or a page would send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from engine.catalog.pack import PackSource
from engine.correlation import Broadcast, Sending, message_id, time_to_live
from engine.deployments import root_process
from engine.errors import InvalidInput, Refused
from engine.feel import parse_duration
from engine.feel.errors import FeelError
from engine.feel.values import DaysTimeDuration
from engine.runtime.commands import (
    SYSTEM,
    Actor,
    AddEntry,
    AssignTask,
    CancelTicket,
    ClaimTask,
    Command,
    CompleteTask,
    DeliverMessage,
    OpenTicket,
    ReleaseTask,
    Requester,
    TakeAction,
)
from engine.scenarios import looking
from engine.scenarios.replies import Reply, reply_of
from engine.scenarios.script import ScenarioError, Script, Step, mapping, moment
from engine.scenarios.stage import Presence, Stage
from engine.spiff import CUSTOMER

NOBODY = "somebody"
Wish = Command | Sending | Broadcast | Reply | Presence
_IDS = UUID("8c2c7c52-7d5a-5a2d-8a39-5a8a1d3a7a21")


@dataclass
class Cast:
    """A scenario under way: who plays, and which step it is."""

    script: Script
    pack: PackSource
    stage: Stage
    steps_done: int = 0

    @property
    def tickets(self) -> list[int]:
        """The tickets in the order in which they were opened, by whatever opened them."""
        return self.stage.opened

    @property
    def path(self) -> Path:
        """The scenario's file."""
        return self.script.path

    def actor(self, name: str) -> Actor:
        """Return a person by name: with the roles and queues that the scenario gives, else of every queue."""
        known = self.script.people.get(name, {})
        roles = known.get("roles", ["agent"])
        return self.stage.person(name, roles, known.get("queues", list(self.pack.queues)))

    def customer(self, step: Step) -> Actor:
        """Return the ticket's customer."""
        row = self.ticket(step)
        return Actor("customer", str(row.requester_id), "Customer")

    def ticket(self, step: Step) -> looking.TicketRow:
        """Return the ticket that a step is about. Raises ScenarioError where none was opened."""
        place = len(self.tickets) if step.ticket is None else step.ticket
        if not 1 <= place <= len(self.tickets):
            sentence = f"Expected ticket {place} of those opened, but there are {len(self.tickets)}."
            raise ScenarioError(self.path, step.line, sentence)
        row = looking.ticket(self.stage.store, self.stage.desk_id, self.tickets[place - 1])
        assert row is not None
        return row

    def task(self, step: Step, name: str) -> UUID:
        """Return the id of an open task by its element or its name. Raises Refused where none is open."""
        tasks = looking.open_tasks(self.stage.store, self.stage.desk_id, self.ticket(step).number)
        for task in tasks:
            if name in (task.element, task.name):
                return task.id
        opened = ", ".join(task.element for task in tasks) or "none"
        raise Refused(f"Expected an open task “{name}”, but open are: {opened}.")

    def offer(self, step: Step, name: str) -> UUID:
        """Return the subscription of an action by its element or label. Raises Refused where it isn't offered."""
        offers = self.stage.offers(self.ticket(step).number)
        for offer in offers:
            if name in (offer.element.id, offer.action.label):
                return offer.subscription
        offered = ", ".join(offer.action.label for offer in offers) or "none"
        raise Refused(f"Expected the action “{name}” to be offered, but offered are: {offered}.")

    def common(self, actor: Actor) -> dict[str, Any]:
        """Return what every command has; the id follows from the scenario and the step."""
        self.steps_done += 1
        id = uuid5(_IDS, f"{self.stage.desk_id}/{self.script.path.name}/{self.steps_done}")
        return {"id": id, "desk_id": self.stage.desk_id, "actor": actor}


def act(cast: Cast, step: Step) -> None:
    """Do one step that is no expectation. Raises Refused where Casepath refuses it, ScenarioError for a wrong one."""
    if step.verb == "advance":
        cast.stage.advance_to(cast.stage.clock.now() + _duration(cast, step).timedelta)
    elif step.verb == "advance_to":
        cast.stage.advance_to(moment(step.value, cast.path, step.line))
    elif step.verb == "record":
        _record(cast, step)
    else:
        _do(cast.stage, wish_of(cast, step))


def wish_of(cast: Cast, step: Step) -> Wish:
    """Return what a step wishes to be done. Raises ScenarioError for one that doesn't say it."""
    try:
        value = mapping(step.value, step.verb, cast.path, step.line)
        return _WISHES[step.verb](cast, step, dict(value))
    except KeyError as error:
        sentence = f"Expected {error} in “{step.verb}”, but it is not there."
        raise ScenarioError(cast.path, step.line, sentence) from error


def _do(stage: Stage, wish: Wish) -> None:
    if isinstance(wish, Sending):
        stage.send(wish)
    elif isinstance(wish, Broadcast):
        stage.broadcast(wish)
    elif isinstance(wish, Reply):
        stage.reply(wish)
    elif isinstance(wish, Presence):
        stage.be(wish)
    elif isinstance(wish, AddEntry) and wish.actor.kind == "customer":
        stage.say(wish)
    else:
        stage.handle(wish)


def _record(cast: Cast, step: Step) -> None:
    """Do an operation on records by hand, as a delivery that is counted in. Raises ScenarioError without its name."""
    value = dict(mapping(step.value, "record", cast.path, step.line))
    if "operation" not in value:
        raise ScenarioError(cast.path, step.line, "Expected 'operation' in “record”, but it is not there.")
    name, common = str(value.pop("operation")), cast.common(_sender(cast, {"as": value.pop("as", None)}))
    cast.stage.records.by_hand(common["desk_id"], common["actor"], name, value, id=common["id"])


def _duration(cast: Cast, step: Step) -> DaysTimeDuration:
    try:
        duration = parse_duration(str(step.value))
    except FeelError as error:
        raise ScenarioError(cast.path, step.line, str(error)) from error
    if not isinstance(duration, DaysTimeDuration):
        raise ScenarioError(
            cast.path, step.line, f"Expected days and time such as PT4H, but found {step.value}."
        )
    return duration


def _open(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    requester = mapping(value["requester"], "requester", cast.path, step.line)
    by = value.get("as")
    name = str(requester["name"])
    return OpenTicket(
        **cast.common(cast.actor(by) if by else Actor("customer", name, name)),
        process=value.get("process") or root_process(cast.pack),
        channel=str(value.get("channel", "web_form")),
        subject=str(value["subject"]),
        description=str(value.get("description", value["subject"])),
        requester=Requester(requester["name"], requester.get("email"), requester.get("phone")),
        category=value.get("category"),
        priority=value.get("priority"),
        fields=mapping(value.get("fields"), "fields", cast.path, step.line),
        start_message=value.get("message"),
    )


def _complete(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    task = cast.task(step, value["task"])
    fields = mapping(value.get("fields"), "fields", cast.path, step.line)
    return CompleteTask(**cast.common(cast.actor(value.get("as", NOBODY))), task_id=task, fields=fields)


def _claim(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    return ClaimTask(**cast.common(cast.actor(value["as"])), task_id=cast.task(step, value["task"]))


def _release(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    return ReleaseTask(**cast.common(cast.actor(value["as"])), task_id=cast.task(step, value["task"]))


def _assign(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    assignee = cast.actor(value["to"])
    return AssignTask(
        **cast.common(cast.actor(value.get("as", NOBODY))),
        task_id=cast.task(step, value["task"]),
        assignee_id=UUID(assignee.id),
        assignee_name=assignee.name,
    )


def _reply(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    sender = value.get("from", "customer")
    actor = cast.customer(step) if sender == "customer" else cast.actor(sender)
    return AddEntry(
        **cast.common(actor),
        ticket=cast.ticket(step).number,
        kind=value.get("kind", "reply"),
        public=value.get("public", value.get("kind") != "note"),
        body=str(value["body"]),
    )


def _message(cast: Cast, step: Step, value: dict[str, Any]) -> Wish:
    payload = mapping(value.get("payload"), "payload", cast.path, step.line)
    if value.get("to", "ticket") == "desk":
        return _message_to_desk(cast, value, payload)
    if "ttl" in value or "id" in value:
        sentence = "Expected “to: desk” beside ttl or id; a message to a ticket is taken at once or refused."
        raise ScenarioError(cast.path, step.line, sentence)
    sender = value.get("as")
    return DeliverMessage(
        **cast.common(cast.actor(sender) if sender else cast.customer(step)),
        ticket=cast.ticket(step).number,
        name=value["name"],
        key=value.get("key"),
        payload=payload,
    )


def _message_to_desk(cast: Cast, value: dict[str, Any], payload: Mapping[str, Any]) -> Wish:
    """A key that YAML reads as a number is meant as the text that stands there."""
    common, key, own = cast.common(_sender(cast, value)), value.get("key"), value.get("id")
    return Sending(
        **{**common, "id": common["id"] if own is None else message_id(str(own))},
        name=str(value["name"]),
        key=None if key is None else str(key),
        payload=payload,
        time_to_live=time_to_live(None if value.get("ttl") is None else str(value["ttl"])),
    )


def _signal(cast: Cast, step: Step, value: dict[str, Any]) -> Wish:
    payload = mapping(value.get("payload"), "payload", cast.path, step.line)
    return Broadcast(**cast.common(_sender(cast, value)), name=str(value["name"]), payload=payload)


def _service(cast: Cast, step: Step, value: dict[str, Any]) -> Wish:
    try:
        return reply_of(value)
    except InvalidInput as error:
        raise ScenarioError(cast.path, step.line, str(error)) from error


def _away(cast: Cast, step: Step, value: dict[str, Any]) -> Wish:
    until = value.get("until")
    return Presence(value["as"], True, None if until is None else moment(until, cast.path, step.line))


def _back(cast: Cast, step: Step, value: dict[str, Any]) -> Wish:
    return Presence(value["as"], False)


def _sender(cast: Cast, value: dict[str, Any]) -> Actor:
    return cast.actor(value["as"]) if value.get("as") else SYSTEM


def _cancel(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    return CancelTicket(
        **cast.common(cast.actor(value.get("as", NOBODY))),
        ticket=cast.ticket(step).number,
        reason=str(value["reason"]),
    )


def _act(cast: Cast, step: Step, value: dict[str, Any]) -> Command:
    by_customer = value.get("as") == CUSTOMER
    return TakeAction(
        **cast.common(cast.customer(step) if by_customer else cast.actor(value.get("as", NOBODY))),
        subscription_id=cast.offer(step, str(value["action"])),
        fields=mapping(value.get("fields"), "fields", cast.path, step.line),
    )


_WISHES: Mapping[str, Callable[[Cast, Step, dict[str, Any]], Wish]] = {
    "open": _open,
    "complete": _complete,
    "claim": _claim,
    "release": _release,
    "assign": _assign,
    "reply": _reply,
    "message": _message,
    "signal": _signal,
    "service": _service,
    "cancel": _cancel,
    "away": _away,
    "back": _back,
    "act": _act,
}
