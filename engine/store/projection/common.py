"""What every projector shares: its shape, and ids that stand in events as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.statements import Statement

Projector = Callable[[Event, Instance], Iterable[Statement]]


def row_id(value: Any) -> UUID | None:
    """Return an id of an event's data; None stays None."""
    return value if value is None or isinstance(value, UUID) else UUID(value)
