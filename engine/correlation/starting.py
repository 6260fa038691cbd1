"""The ticket that a message or signal opens: what it says of the ticket, and everything else as variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from engine.errors import InvalidInput
from engine.runtime.commands import Actor, OpenTicket, Requester

_OF_THE_TICKET = ("subject", "description", "channel", "category", "priority", "requester")
_OF_THE_REQUESTER = ("name", "email", "phone")


def opening(
    what: Literal["message", "signal"],
    name: str,
    payload: Mapping[str, Any],
    *,
    id: UUID,
    desk_id: int,
    actor: Actor,
    process: str,
    message_id: UUID | None = None,
) -> OpenTicket:
    """Return the command that opens a ticket by a message or signal.

    The payload may name subject, description, channel, category, priority and requester (name, email, phone).
    Without them the subject is the message's name, the channel `message` or `signal`, and the sender asks. Raises
    InvalidInput naming each of these that is no text.
    """
    requester = payload.get("requester") or {}
    if not isinstance(requester, Mapping):
        raise _wrong({"payload.requester": "Expected name, email and phone, but it is none of these."})
    said = {key: payload.get(key) for key in _OF_THE_TICKET if key != "requester"}
    asks = {key: requester.get(key) for key in _OF_THE_REQUESTER}
    _demand_texts({**said, **{f"requester.{key}": value for key, value in asks.items()}})
    return OpenTicket(
        id=id,
        desk_id=desk_id,
        actor=actor,
        process=process,
        channel=said["channel"] or what,
        subject=said["subject"] or name,
        description=said["description"] or "",
        requester=Requester(asks["name"] or actor.name, asks["email"], asks["phone"]),
        category=said["category"],
        priority=said["priority"],
        fields={key: value for key, value in payload.items() if key not in _OF_THE_TICKET},
        start_message=name if what == "message" else None,
        start_signal=name if what == "signal" else None,
        message_id=message_id,
    )


def _demand_texts(said: Mapping[str, Any]) -> None:
    wrong = {
        f"payload.{key}": "Expected a text, but it is none."
        for key, value in said.items()
        if not isinstance(value, str | None)
    }
    if wrong:
        raise _wrong(wrong)


def _wrong(fields: Mapping[str, str]) -> InvalidInput:
    return InvalidInput("Expected a payload that can open a ticket, but some of it is wrong.", fields)
