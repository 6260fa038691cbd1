"""Card numbers are taken out of a command before anything is made of it: the trail, a mail or a page never has one.

Commands are kept as they were sent, so this happens at the door and not where a text is used. Names, mail addresses,
phone numbers and ids stay as they are.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from engine.cards import without_card_numbers
from engine.runtime.commands import Command

_WORDS = frozenset(
    {
        "subject",
        "description",
        "body",
        "entry",
        "reason",
        "fields",
        "payload",
        "variables",
        "result",
        "message",
        "error",
    }
)


def masked(command: Command) -> Command:
    """Return the command with brand and last four digits in place of every card number in what it says."""
    changed: dict[str, Any] = {}
    for name in (it.name for it in fields(command) if it.name in _WORDS):
        said = getattr(command, name)
        without = without_card_numbers(said)
        if without != said:
            changed[name] = without
    return replace(command, **changed) if changed else command
