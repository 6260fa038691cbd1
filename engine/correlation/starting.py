"""The ticket that a message or signal opens: what it says of the ticket, and everything else as variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from engine.errors import InvalidInput
from engine.runtime.commands import OpenTicket, Requester

_OF_THE_TICKET = ("subject", "description", "channel", "category", "priority", "requester")
_OF_THE_REQUESTER = ("name", "email", "phone")


def opening(
    what: Literal["message", "signal"], name: str, payload: Mapping[str, Any], **common: Any
) -> OpenTicket:
    """Return the command that opens a ticket by a message or signal.

    The payload may name subject, description, channel, category, priority and requester (name, email, phone).
    Without them the subject is the message's name, the channel `message` or `signal`, and the sender asks. `common`
    is everything else that the command has. Raises InvalidInput naming each of these that is no text.
    """
    said, asks = _of_the_ticket(payload)
    return OpenTicket(
        **common,
        channel=said["channel"] or what,
        subject=said["subject"] or name,
        description=said["description"] or "",
        requester=Requester(asks["name"] or common["actor"].name, asks["email"], asks["phone"]),
        category=said["category"],
        priority=said["priority"],
        fields={key: value for key, value in payload.items() if key not in _OF_THE_TICKET},
        start_message=name if what == "message" else None,
        start_signal=name if what == "signal" else None,
    )


def _of_the_ticket(payload: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a payload says of the ticket, and of who asks."""
    requester = payload.get("requester") or {}
    if not isinstance(requester, Mapping):
        raise _wrong({"payload.requester": "Expected name, email and phone, but it is none of these."})
    said = {key: payload.get(key) for key in _OF_THE_TICKET if key != "requester"}
    asks = {key: requester.get(key) for key in _OF_THE_REQUESTER}
    _demand_texts({**said, **{f"requester.{key}": value for key, value in asks.items()}})
    return said, asks


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
