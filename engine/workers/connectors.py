"""From the outbox to the world and back: a row is delivered, and what came of it is a command again."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from engine.errors import CasepathError, InvalidInput
from engine.links import follow_url
from engine.runtime.commands import (
    SYSTEM,
    Command,
    CompleteService,
    FailService,
    RecordSent,
    RecordUndelivered,
    derived_id,
)
from engine.services import Job, call
from engine.workers.mail import compose, send

if TYPE_CHECKING:
    from engine.bootstrap import Casepath
    from engine.store import OutboxRow

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)

log = logging.getLogger(__name__)


class Relay:
    """Delivers outbox rows of one installation.

    The ids of its commands are made from the row and its claim (`next_at`, which a claim moves to the end of its
    lease), so that a job delivered twice is answered once.
    """

    def __init__(self, casepath: Casepath) -> None:
        self._casepath = casepath

    def deliver(self, desk_id: int, job_id: UUID) -> None:
        """Deliver one pending row; a row that is done, cancelled or given up is left alone."""
        row = self._casepath.store.outbox.get(desk_id, job_id)
        if row is None or row.state != "pending":
            return
        try:
            answer = self._mail(row) if row.kind == "mail" else self._service(row)
            self._casepath.engine.handle(answer)  # an answer that is refused is a failed try too
        except InvalidInput as error:  # an address or a result that no later try would make better
            self._give_up(row, str(error))
        except (OSError, smtplib.SMTPException, CasepathError) as error:
            self._failed(row, f"{type(error).__name__}: {error}")
        except Exception as error:  # a pack's handler may raise anything; the job must not be lost for it
            log.exception("The handler of %s raised", row.id)
            self._failed(row, f"{type(error).__name__}: {error}")

    def _mail(self, row: OutboxRow) -> Command:
        settings = self._casepath.settings
        link = follow_url(settings.base_url, settings.secret_key, row.desk_id, row.ticket_number)
        mail = compose(row.id, row.payload, settings.mail_from, self._casepath.clock.now(), link)
        send(mail, settings.smtp_url, settings.data_dir)
        return RecordSent(id=derived_id(row.id, "sent"), desk_id=row.desk_id, actor=SYSTEM, job_id=row.id)

    def _service(self, row: OutboxRow) -> Command:
        handlers = self._casepath.worlds.handlers(row.desk_id, row.snapshot_id)
        job = Job(row.id, row.payload["type"], row.ticket_number, row.payload["inputs"])
        return CompleteService(
            id=derived_id(row.id, f"answered {row.next_at.isoformat()}"),
            desk_id=row.desk_id,
            actor=SYSTEM,
            job_id=row.id,
            result=call(handlers, job),
        )

    def _failed(self, row: OutboxRow, error: str) -> None:
        """Note a failed try; after the last one the instance is told and an incident opens."""
        if row.attempts + 1 < row.max_attempts:
            self._casepath.store.outbox.try_later(row.desk_id, row.id, error, pause(row.attempts))
        else:
            self._give_up(row, error)

    def _give_up(self, row: OutboxRow, error: str) -> None:
        kind = RecordUndelivered if row.kind == "mail" else FailService
        self._casepath.engine.handle(
            kind(
                id=derived_id(row.id, f"given up {row.next_at.isoformat()}"),
                desk_id=row.desk_id,
                actor=SYSTEM,
                job_id=row.id,
                error=error,
            )
        )


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failed tries: doubling from ten seconds to an hour."""
    return min(FIRST_PAUSE * (1 << min(attempts, 12)), LONGEST_PAUSE)
