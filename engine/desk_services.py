"""The built-in services: what Casepath answers to a process that asks about its own desk.

They stand beside the handlers of a pack's `services.py` and are called like these, in production by a worker, in a
rehearsal by the stage at its virtual time. They only read; what they answer is kept with the command that brings it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from engine.reads import Reads
from engine.services import Handler, Job
from engine.store import Store

MOST_DAYS = 3_660


def desk_handlers(store: Store, desk_id: int, now: datetime, timeline: str = "live") -> dict[str, Handler]:
    """Return the handlers of the built-in services by type, as they answer for a desk at a moment (UTC)."""

    def similar_tickets(job: Job) -> dict[str, Any]:
        category, days = _text(job, "category"), _days(job)
        after = now - timedelta(days=days)
        found = Reads(store).similar(desk_id, category, after=after, until=now, timeline=timeline)
        return {"count": Decimal(found.count), "numbers": [Decimal(it) for it in found.numbers]}

    return {"desk.similar_tickets": similar_tickets}


def _text(job: Job, name: str) -> str:
    value = job.inputs.get(name)
    if isinstance(value, str) and value:
        return value
    raise InvalidInput(f"Expected {name} of {job.type} to be a text, but it is {value!r}.")


def _days(job: Job) -> int:
    value = job.inputs.get("days")
    number = (
        Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(0)
    )
    if number == int(number) and 1 <= number <= MOST_DAYS:
        return int(number)
    sentence = f"Expected days of {job.type} to be a whole number from 1 to {MOST_DAYS}, but it is {value}."
    raise InvalidInput(sentence)
