"""What a ticket is to another one of its desk.

A step knows its own ticket alone. Whether the other one is there, and doesn't lead back, is judged when the step is
saved (`engine/store/links.py`), and refused at the same field.
"""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput
from engine.forms.schema import LINK_KINDS
from engine.runtime import relations
from engine.runtime.commands import Actor, LinkTicket
from engine.runtime.handlers.applying import apply
from engine.runtime.step import Step


@apply.register
def _link(command: LinkTicket, step: Step) -> None:
    if command.kind not in LINK_KINDS:
        sentence = f"Expected one of {', '.join(LINK_KINDS)}, but got {command.kind!r}."
        raise InvalidInput(sentence, {"kind": sentence})
    link(step, command.actor, command.kind, command.other, "other")


def link(step: Step, actor: Actor, kind: str, other: Any, field: str) -> None:
    """Link the ticket to another one. Raises InvalidInput naming the field for what is no other ticket's number."""
    sentence = relations.judge(step.ticket.number, other)
    if sentence:
        raise InvalidInput(sentence, {field: sentence})
    step.emit("ticket_linked", actor, {"kind": kind, "other": int(other), "field": field})
