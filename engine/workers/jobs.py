"""The functions that RQ calls. Each row becomes one command in its own transaction.

RQ may deliver a job twice, or die in the middle: the command's id is derived from the row, so what was done is not
done again, and what was not done is claimed again when its lease ends.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from rq.timeouts import JobTimeoutException

from engine.bootstrap import Casepath
from engine.errors import CasepathError, Conflict
from engine.runtime.commands import SYSTEM, FireTimer, ReportIncident, derived_id
from engine.runtime.step import TimerNotFired
from engine.workers.connectors import Relay

log = logging.getLogger(__name__)


_installation: list[Casepath] = []


def use(casepath: Casepath) -> None:
    """Say which installation this process works for; RQ can hand a job nothing but its JSON."""
    _installation[:] = [casepath]


def fire_timers(rows: Sequence[tuple[int, str, str]]) -> None:
    """Fire due timers; each row is desk, timer id and due moment.

    One that raises is left to its lease: it would come first in the next batch too, and those behind it never.
    """
    (casepath,) = _installation
    for desk_id, timer_id, due in rows:
        try:
            fire_timer(casepath, desk_id, UUID(timer_id), due)
        except JobTimeoutException:
            raise
        except Exception:
            log.exception("Timer %s did not fire and is tried again when its lease ends", timer_id)


def fire_timer(casepath: Casepath, desk_id: int, timer_id: UUID, due: str) -> None:
    """Fire one timer. One that can't be fired is set aside with an incident, not tried for ever.

    Raises Conflict where a step still holds the instance; the timer comes again when its lease ends.
    """
    command_id = derived_id(timer_id, f"fire {due}")
    try:
        casepath.engine.handle(FireTimer(id=command_id, desk_id=desk_id, actor=SYSTEM, timer_id=timer_id))
    except TimerNotFired as error:  # perhaps another timer of the instance, which was due before
        _set_aside(casepath, desk_id, error.timer_id, error.due.isoformat(), error)
    except Conflict:
        raise
    except CasepathError as error:
        _set_aside(casepath, desk_id, timer_id, due, error)


def _set_aside(casepath: Casepath, desk_id: int, timer_id: UUID, due: str, error: CasepathError) -> None:
    log.warning("Timer %s could not be fired: %s", timer_id, error)
    report = ReportIncident(
        id=derived_id(timer_id, f"set aside {due}"),
        desk_id=desk_id,
        actor=SYSTEM,
        timer_id=timer_id,
        error=str(error),
    )
    casepath.engine.handle(report)


def relay(rows: Sequence[tuple[int, str, str]]) -> None:
    """Tell the world: each row is desk, outbox id and claim."""
    (casepath,) = _installation
    for desk_id, job_id, claim in rows:
        Relay(casepath).deliver(desk_id, UUID(job_id), claim)


def deliver_messages(rows: Sequence[tuple[int, str]]) -> None:
    """Look for the catchers of messages; each row is desk and message id. One that raises is left to its lease."""
    (casepath,) = _installation
    for desk_id, message_id in rows:
        try:
            casepath.messages.deliver(desk_id, UUID(message_id))
        except JobTimeoutException:
            raise
        except Exception:
            log.exception("Message %s was not delivered and is tried again when its lease ends", message_id)


def finish_mails(rows: Sequence[tuple[int, str]]) -> None:
    """Go on with mails whose handling was cut off; each row is desk and mail id."""
    (casepath,) = _installation
    for desk_id, mail_id in rows:
        casepath.mailroom.finish(desk_id, UUID(mail_id))


def tell_signals(rows: Sequence[tuple[int, str]]) -> None:
    """Tell everybody who listened when a signal was sent; each row is desk and signal id."""
    (casepath,) = _installation
    for desk_id, signal_id in rows:
        casepath.signals.tell(desk_id, UUID(signal_id))
