"""Every error that Casepath raises on purpose.

The core says what was expected and what it found ("Expected … but …"); it never knows about HTTP. The edges
(web, command line, workers) translate the few classes below: a `Refused` is the caller's matter, a `NotFound`
is an address that leads nowhere, a `Conflict` means somebody was quicker, `InvalidInput` names fields.
"""

from __future__ import annotations

from collections.abc import Mapping


class CasepathError(Exception):
    """The root of all errors raised on purpose; its text is a sentence for a person."""


class Refused(CasepathError):
    """The command was understood and may not be done now."""


class Conflict(Refused):
    """Somebody else was quicker, or the thing has moved on since it was looked at."""


class AlreadyBegun(Conflict):
    """A ticket runs already that was opened for the same key."""


class NotFound(CasepathError):
    """Nothing has that name or number, or the asker may not know that it does."""


class Forbidden(CasepathError):
    """The person is known but the role or queue does not allow it."""


class InvalidInput(Refused):
    """Some fields of what was handed in are wrong; each is named with its own sentence."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, str] = dict(fields or {})


class Unsupported(CasepathError):
    """This installation can't go on as it stands (wrong version, missing program); one sentence says why."""
