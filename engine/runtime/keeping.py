"""What may be kept: variables, each refused by its name if it can't be, and lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import InvalidInput
from engine.feel.values import UnkeepableValue, normalise

LONGEST_LINE = 500


def kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as FEEL values. Raises InvalidInput naming each that is no value a variable can hold."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in fields.items():
        try:
            values[_name(name)] = normalise(value)
        except UnkeepableValue as error:
            wrong[_printable(name)] = str(error)
    if wrong:
        raise InvalidInput(f"Expected values that can be kept, but not all can: {', '.join(wrong)}.", wrong)
    return values


def judge_line(text: str | None) -> str | None:
    """Return what is wrong with one line of text, or None; None is a line that was not said."""
    if text is None:
        return None
    if len(text) > LONGEST_LINE:
        return f"Expected {LONGEST_LINE} characters at most, but got {len(text):,}."
    try:
        normalise(text)
    except UnkeepableValue as error:
        return str(error)
    return None


def _name(name: str) -> str:
    """A variable without a name could be written and never be read."""
    if not name.strip():
        raise UnkeepableValue("the field", "it has no name")
    normalise(name)
    return name


def _printable(name: str) -> str:
    """The name of a refused field goes into answers, which are UTF-8 themselves."""
    return name.encode(errors="backslashreplace").decode()
