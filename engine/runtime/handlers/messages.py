"""Words and messages: the conversation, and what comes to an instance by name.

Where several catchers of one ticket wait for the same message, exactly one hears it: of those in the innermost scope
the one that began to wait last. A customer's reply so reaches the step that asks for it, and not a catcher around it.
"""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput, Refused
from engine.runtime.commands import AddEntry, Command, CorrelateMessage, DeliverMessage, DeliverSignal
from engine.runtime.handlers.applying import apply, demand_running, find, over
from engine.runtime.handlers.mailing import mail_reply
from engine.runtime.handlers.rights import demand_right
from engine.runtime.keeping import kept
from engine.runtime.mailed import came_by
from engine.runtime.step import Step
from engine.spiff import MessageWait


class NobodyHears(Refused):
    """What a customer wrote on a closed ticket would reach nobody; whoever brought it opens a ticket for it."""


@apply.register
def _add_entry(command: AddEntry, step: Step) -> None:
    if not command.body.strip():
        sentence = "Expected some text, but it is empty."
        raise InvalidInput(sentence, {"body": sentence})
    if command.only_if_heard and not _is_heard(step):
        raise NobodyHears(f"Expected ticket {step.ticket.number} to be open, but it is closed.")
    entry = _keep_entry(step, command, command.kind, command.public, command.body, came_by(command))
    mail_reply(step, command, entry)
    if command.public and not step.run.ended:
        name = "customer_reply" if command.actor.kind == "customer" else "agent_reply"
        waiting = _catchers(step, name, None)
        if waiting:
            deliver(step, _nearest(waiting), {"body": command.body, "entry": entry}, command)


@apply.register
def _deliver_message(command: DeliverMessage, step: Step) -> None:
    demand_running(step)
    waiting = _catchers(step, command.name, command.key)
    if not waiting:
        raise Refused(_nobody_waits(step, command.name))
    if len({wait.key for wait in waiting}) > 1:
        raise Refused(
            f"Expected one catcher of message '{command.name}', but {len(waiting)} wait; name its key."
        )
    _demand_right(step, _nearest(waiting), command)
    payload = kept(command.payload)
    if command.entry and command.entry.strip():
        payload |= {"entry": _keep_entry(step, command, "reply", True, command.entry)}
    deliver(step, _nearest(waiting), payload, command)


@apply.register
def _correlate(command: CorrelateMessage, step: Step) -> None:
    wait = find(step, command.subscription_id, MessageWait)
    if wait is None or wait.name != command.name:
        raise Refused(over(step) if step.run.ended else _nobody_waits(step, command.name))
    deliver(step, wait, kept(command.payload), command, {"message": str(command.message_id)})


@apply.register
def _deliver_signal(command: DeliverSignal, step: Step) -> None:
    """A signal finds whoever listens at this moment; an instance that listens no more isn't changed by it."""
    if not step.run.ended and step.run.broadcast(command.name, kept(command.payload)):
        step.settle(command.actor)


def _is_heard(step: Step) -> bool:
    """An agent sees what is said on an open ticket; on a closed one only a process that waits for it takes it up."""
    closed = step.run.ended or step.ticket.status == "closed"
    return not closed or bool(_catchers(step, "customer_reply", None))


def _keep_entry(
    step: Step,
    command: Command,
    kind: str,
    public: bool,
    body: str,
    came: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
) -> str:
    """Add to the conversation; return the entry's id. `came` is what is to be said of a mail and files."""
    entry, author = str(step.ids.uuid()), command.actor
    data = {"entry": entry, "kind": kind, "public": public, "author": author.kind, **came[0]}
    step.emit("entry_added", author, data, {"body": body, "author_name": author.name, **came[1]})
    return entry


def _catchers(step: Step, name: str, key: str | None) -> list[MessageWait]:
    waits = (wait for wait in step.run.waits.values() if isinstance(wait, MessageWait))
    return [wait for wait in waits if wait.name == name and key in (None, wait.key)]


def _nearest(waiting: list[MessageWait]) -> MessageWait:
    return max(waiting, key=lambda wait: (len(wait.scope), wait.since))


def deliver(
    step: Step,
    wait: MessageWait,
    payload: dict[str, Any],
    command: Command,
    origin: dict[str, str] | None = None,
) -> None:
    """Hand a message to one catcher, and tell it; `origin` says where it came from."""
    data = {"subscription": str(wait.id), "element": wait.element, "name": wait.name, **(origin or {})}
    step.emit("message_received", command.actor, data, payload)
    step.run.deliver(wait.id, payload)
    step.settle(command.actor)


def _demand_right(step: Step, wait: MessageWait, command: Command) -> None:
    """What is offered as an action to some is no more open to others by the name of its message.

    A customer speaks by the pages that the message was made for, and a program without a person for the system.
    """
    if command.actor.kind not in ("person", "token"):
        return
    for offer in step.run.offers:
        if offer.subscription == wait.id:
            demand_right(offer.action.label, offer.action.groups, command.actor)


def _nobody_waits(step: Step, name: str) -> str:
    names = sorted({wait.name for wait in step.run.waits.values() if isinstance(wait, MessageWait)})
    waited = ", ".join(f"'{it}'" for it in names) or "no message"
    return f"Expected ticket {step.ticket.number} to wait for message '{name}', but it waits for {waited}."
