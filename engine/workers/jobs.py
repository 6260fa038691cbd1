"""The functions that RQ calls. Each row becomes one command in its own transaction.

RQ may deliver a job twice, or die in the middle: the command's id is derived from the row, so what was done is not
done again, and what was not done is claimed again when its lease ends.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from engine.bootstrap import Casepath
from engine.errors import CasepathError
from engine.runtime.commands import SYSTEM, FireTimer, ReportIncident, derived_id
from engine.workers.connectors import Relay

log = logging.getLogger(__name__)


_installation: list[Casepath] = []


def use(casepath: Casepath) -> None:
    """Say which installation this process works for; RQ can hand a job nothing but its JSON."""
    _installation[:] = [casepath]


def fire_timers(rows: Sequence[tuple[int, str, str]]) -> None:
    """Fire due timers; each row is desk, timer id and due moment."""
    (casepath,) = _installation
    for desk_id, timer_id, due in rows:
        fire_timer(casepath, desk_id, UUID(timer_id), due)


def fire_timer(casepath: Casepath, desk_id: int, timer_id: UUID, due: str) -> None:
    """Fire one timer. One that can't be fired is set aside with an incident, not tried for ever."""
    command_id = derived_id(timer_id, f"fire {due}")
    try:
        casepath.engine.handle(FireTimer(id=command_id, desk_id=desk_id, actor=SYSTEM, timer_id=timer_id))
    except CasepathError as error:
        log.warning("Timer %s could not be fired: %s", timer_id, error)
        casepath.engine.handle(
            ReportIncident(
                id=derived_id(command_id, "incident"),
                desk_id=desk_id,
                actor=SYSTEM,
                timer_id=timer_id,
                error=str(error),
            )
        )


def relay(rows: Sequence[tuple[int, str]]) -> None:
    """Tell the world: each row is desk and outbox id."""
    (casepath,) = _installation
    for desk_id, job_id in rows:
        Relay(casepath).deliver(desk_id, UUID(job_id))
