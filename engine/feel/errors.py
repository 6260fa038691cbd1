"""What can go wrong with an expression: it does not parse, it asks too much, or its value can't be kept.

A wrong *value* is no exception in FEEL: it is `null`, with a warning that says why (see `evaluation.py`).
"""

from __future__ import annotations

from engine.errors import CasepathError


class FeelError(CasepathError):
    """The root of the errors that expressions raise."""


class FeelSyntaxError(FeelError):
    """A text that is no FEEL; `line` and `column` count from 1 and point at what was not expected."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class FeelLimitError(FeelError):
    """An expression that would take too long or grow too large; it was stopped."""


_PATH = 60  # characters of a path that are told


class UnkeepableValue(CasepathError):
    """A value that no variable can keep; the text names the path to it."""

    def __init__(self, path: str, reason: str) -> None:
        place = path if len(path) <= _PATH else f"{path[:_PATH]}…"
        super().__init__(f"Expected {place or 'the value'} to be data that can be kept, but {reason}.")
        self.path = path
