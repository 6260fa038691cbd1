"""Lists that are read piece by piece: a cursor names the last row seen, so that new rows don't shift a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
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


def after(cursor: str | None, length: int) -> list[str] | None:
    """Return the values of a cursor as texts, or None for the first page. Raises InvalidInput for a bad one."""
    if not cursor:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise InvalidInput(
            "Expected the cursor of a page that was shown, but it is none.", {"cursor": "no cursor"}
        )
    return [str(value) for value in values]


def _encode(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(
        orjson.dumps(["infinity" if it is None else it for it in values], default=str)
    ).decode()
