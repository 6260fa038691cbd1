"""The text of a value: bare for `string()`, in quotes inside lists and contexts, so that it could be read back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.feel.errors import FeelLimitError
from engine.feel.evaluation import MAX_TEXT, Run
from engine.feel.fardates import FarDate
from engine.feel.kinds import DaysTimeDuration, FeelTime, Function, Range, YearsMonthsDuration, date_time_text
from engine.feel.lexer import KEYWORDS, is_name
from engine.feel.numbers import number_text

MAX_DEPTH = 100


def print_value(value: Any, run: Run) -> str:
    """Return the text of a value as `string()` gives it: a string is itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, date | FarDate | FeelTime | DaysTimeDuration | YearsMonthsDuration):
        return temporal_text(value)
    return _Printer(run).literal(value, 0)


def literal_text(value: Any) -> str:
    """Return the FEEL expression that yields a value."""
    return _Printer(Run()).literal(value, 0)


class _Printer:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.length = 0

    def literal(self, value: Any, depth: int) -> str:
        self.run.spend()
        if depth > MAX_DEPTH:
            raise FeelLimitError(f"Expected values nested at most {MAX_DEPTH} deep but one is deeper.")
        if isinstance(value, list):
            return f"[{', '.join(self.literal(item, depth + 1) for item in value)}]"
        if isinstance(value, dict):
            entries = (f"{_key(key)}: {self.literal(item, depth + 1)}" for key, item in value.items())
            return f"{{{', '.join(entries)}}}"
        if isinstance(value, Range):
            return self._range(value, depth)
        return self._counted(_scalar(value))

    def _range(self, value: Range, depth: int) -> str:
        if value.operator:
            end = value.low if value.low is not None else value.high
            return f"({value.operator} {self.literal(end, depth + 1)})"
        low, high = self.literal(value.low, depth + 1), self.literal(value.high, depth + 1)
        return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"

    def _counted(self, text: str) -> str:
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise FeelLimitError(f"Expected texts of at most {MAX_TEXT:,} characters but one is longer.")
        return text


def _key(key: str) -> str:
    return key if key.isidentifier() and is_name(key) and key not in KEYWORDS else _quoted(key)


def _quoted(text: str) -> str:
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    return f'"{text}"'


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Function):
        return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    return f'@"{temporal_text(value)}"'


def temporal_text(
    value: date | datetime | FarDate | FeelTime | DaysTimeDuration | YearsMonthsDuration,
) -> str:
    """Return the ISO 8601 text of a temporal value, with a named zone behind @."""
    if isinstance(value, datetime):
        return date_time_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)
