"""The built-in services: what Casepath answers to a process that asks about its own desk.

They stand beside the handlers of a pack's `services.py` and are called like these, in production by a worker, in a
rehearsal by the stage at its virtual time. They only read; what they answer is kept with the command that brings it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from engine.reads import Reads
from engine.services import Handler, Job
from engine.store import Store

MOST_DAYS = 3_660
MOST_MINUTES = 10_080


@dataclass(frozen=True)
class Asked:
    """Who is asked: a desk, at a moment (UTC) of one timeline."""

    reads: Reads
    desk_id: int
    now: datetime
    timeline: str


def desk_handlers(store: Store, desk_id: int, now: datetime, timeline: str = "live") -> dict[str, Handler]:
    """Return the handlers of the built-in services by type, as they answer for a desk at a moment (UTC)."""
    asked = Asked(Reads(store), desk_id, now, timeline)

    def handler(answer: Callable[[Asked, Job], dict[str, Any]]) -> Handler:
        return lambda job: answer(asked, job)

    return {name: handler(answer) for name, answer in _ANSWERS.items()}


def _area(asked: Asked, job: Job) -> dict[str, Any]:
    return {"area": asked.reads.area_of(asked.desk_id, _own(job))}


def _open_tickets(asked: Asked, job: Job) -> dict[str, Any]:
    found = asked.reads.cluster(
        asked.desk_id,
        _own(job),
        category=_text(job, "category"),
        area=None if job.inputs.get("area") is None else _text(job, "area"),
        span=timedelta(minutes=_whole(job, "minutes", MOST_MINUTES)),
        until=asked.now,
        timeline=asked.timeline,
    )
    return {
        "count": Decimal(found.count),
        "clients": Decimal(found.clients),
        "numbers": _numbers(found.numbers),
    }


def _running(asked: Asked, job: Job) -> dict[str, Any]:
    key, number = job.inputs.get("key"), job.inputs.get("number")
    if (key is None) == (number is None):
        raise InvalidInput(
            f"Expected {job.type} to be asked with a key or a number, but it got both or neither."
        )
    found = asked.reads.running(
        asked.desk_id,
        _text(job, "process"),
        key=None if key is None else _text(job, "key"),
        number=None if number is None else _whole(job, "number"),
        timeline=asked.timeline,
    )
    return {"number": None if found is None else Decimal(found)}


def _similar_tickets(asked: Asked, job: Job) -> dict[str, Any]:
    category, days = _text(job, "category"), _whole(job, "days", MOST_DAYS)
    after = asked.now - timedelta(days=days)
    found = asked.reads.similar(
        asked.desk_id, category, after=after, until=asked.now, timeline=asked.timeline
    )
    return {"count": Decimal(found.count), "numbers": _numbers(found.numbers)}


_ANSWERS: dict[str, Callable[[Asked, Job], dict[str, Any]]] = {
    "desk.area": _area,
    "desk.open_tickets": _open_tickets,
    "desk.running": _running,
    "desk.similar_tickets": _similar_tickets,
}


def _own(job: Job) -> int:
    if job.ticket_number is None:
        raise InvalidInput(f"Expected {job.type} to be asked by a ticket, but it was asked by none.")
    return job.ticket_number


def _numbers(found: tuple[int, ...]) -> list[Decimal]:
    return [Decimal(it) for it in found]


def _text(job: Job, name: str) -> str:
    value = job.inputs.get(name)
    if isinstance(value, str) and value:
        return value
    raise InvalidInput(f"Expected {name} of {job.type} to be a text, but it is {value!r}.")


def _whole(job: Job, name: str, most: int = 2**31 - 1) -> int:
    value = job.inputs.get(name)
    number = (
        Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(0)
    )
    if number == int(number) and 1 <= number <= most:
        return int(number)
    sentence = f"Expected {name} of {job.type} to be a whole number from 1 to {most}, but it is {value}."
    raise InvalidInput(sentence)
