"""What may be sent: names and keys of a length, and payloads that variables can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.cards import without_card_numbers
from engine.errors import InvalidInput
from engine.runtime.keeping import judge_line, kept


def judged(payload: Mapping[str, Any], **lines: str | None) -> dict[str, Any]:
    """Return a payload as FEEL values. Raises InvalidInput naming each line or value that can't be sent.

    A line that is None was not said; of what is said none may be empty, too long, or what no text column can hold.
    """
    wrong = {name: sentence for name, line in lines.items() if (sentence := _judge(line))}
    values: dict[str, Any] = {}
    try:
        values = kept(without_card_numbers(payload))
    except InvalidInput as error:
        wrong |= {f"payload.{name}": sentence for name, sentence in error.fields.items()}
    if wrong:
        raise InvalidInput("Expected something that can be sent, but some of it is wrong.", wrong)
    return values


def _judge(line: str | None) -> str | None:
    if line is not None and not line.strip():
        return "Expected some text, but it is empty."
    return judge_line(line)
