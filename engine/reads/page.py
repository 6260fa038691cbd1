"""Lists that are read piece by piece: a cursor names the last row seen, so that new rows don't shift a page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson

from engine.errors import InvalidInput

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows of a list; `next` is the cursor of the following page, None at the end."""

    items: list[Item]
    next: str | None = None


def cut(rows: list[Item], limit: int, *names: str) -> Page[Item]:
    """Return the first `limit` of rows as a page; there is a next one if there was a row more.

    `names` are the attributes that the list is ordered by; the cursor carries their values.
    """
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], _encode([getattr(last, name) for name in names]))


def after(cursor: str | None, *kinds: Callable[[str], object]) -> list[str] | None:
    """Return the values of a cursor as texts, or None for the first page. Raises InvalidInput for a bad one.

    A cursor comes back from anywhere, so each value is read by its kind (`whole`, `moment`, `UUID`) before the
    database sees it.
    """
    if not cursor:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        return [str(kind(str(value))) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError) as error:
        sentence = "Expected the cursor of a page that was shown, but it is none."
        raise InvalidInput(sentence, {"cursor": "no cursor"}) from error


def whole(text: str) -> int:
    """Read a number as PostgreSQL's `integer` holds it."""
    number = int(text)
    if abs(number) >= 2**31:
        raise ValueError(text)
    return number


def moment(text: str) -> datetime | str:
    """Read a moment; `infinity` stands where there is none."""
    return text if text == "infinity" else datetime.fromisoformat(text)


def _encode(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(
        orjson.dumps(["infinity" if it is None else it for it in values], default=str)
    ).decode()
