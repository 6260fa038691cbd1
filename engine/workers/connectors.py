"""From the outbox to the world and back: a row is delivered, and what came of it is a command again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.assignment import Wanted
from engine.correlation import Broadcast, Sending
from engine.correlation.pausing import pause
from engine.errors import CasepathError, InvalidInput
from engine.links import follow_url
from engine.runtime.commands import (
    SYSTEM,
    Command,
    CompleteService,
    FailService,
    RecordSent,
    RecordUndelivered,
    ReportLostJob,
    ThrowServiceError,
    derived_id,
)
from engine.services import BpmnError
from engine.workers.answerable import make_answerable
from engine.workers.answering import answer_of, limit_of
from engine.workers.limiting import TookTooLong
from engine.workers.mail import compose, send

if TYPE_CHECKING:
    from engine.bootstrap import Casepath
    from engine.store import OutboxRow

_GIVEN_UP: Mapping[str, type[FailService | RecordUndelivered]] = {
    "service": FailService,
    "mail": RecordUndelivered,
}

log = logging.getLogger(__name__)


class Relay:
    """Delivers outbox rows of one installation.

    A claim of a row (`next_at`, which a claim moves to the end of its lease) is begun once. The ids of the commands
    are made from row and claim, so that a job delivered twice is answered once.
    """

    def __init__(self, casepath: Casepath) -> None:
        self._casepath = casepath

    def deliver(self, desk_id: int, job_id: UUID, claim: str) -> None:
        """Deliver one pending row under its claim; one that is done, cancelled or claimed anew is left alone.

        The try counts from here on, so that a job whose workers die in it comes to an end too.
        """
        row = self._casepath.store.outbox.begin(desk_id, job_id, claim)
        if row is None:
            return
        try:
            if row.attempts > row.max_attempts:
                return self._give_up(row, "Expected an answer, but whoever worked on it died at each try.")
            self._deliver(row)
        except InvalidInput as error:  # an address or a result that no later try would make better
            self._give_up(row, _whole(error))
        except TookTooLong:
            self._failed(row, f"Expected an answer within {limit_of(row)} seconds, but it took longer.")
        except Exception as error:  # whatever a handler or a server does; the job must not be lost for it
            if not isinstance(error, CasepathError | OSError):
                log.exception("The delivery of %s raised", row.id)
            self._failed(row, f"{type(error).__name__}: {error}")

    def _deliver(self, row: OutboxRow) -> None:
        if row.kind == "message":
            self._message(row)
        elif row.kind == "signal":
            self._signal(row)
        elif row.kind == "assignment":
            self._assignment(row)
        else:
            answer = self._mail(row) if row.kind == "mail" else self._service(row)
            self._casepath.engine.handle(answer)  # an answer that is refused is a failed try too

    def _mail(self, row: OutboxRow) -> Command:
        settings = self._casepath.settings
        mail = compose(row.id, row.payload, settings.mail_from, self._casepath.clock.now(), self._link(row))
        sent = make_answerable(mail, row, self._casepath)
        send(mail, settings.smtp_url, settings.data_dir)
        return RecordSent(id=derived_id(row.id, "sent"), message_id=sent, **_common(row))

    def _link(self, row: OutboxRow) -> str:
        """Return where the receiver finds the ticket: on the customer's own page, or on that with a log-in."""
        settings = self._casepath.settings
        requester = self._casepath.reads.ticket(row.desk_id, row.ticket_number).requester_email or ""
        if parseaddr(str(row.payload["to"] or ""))[1].casefold() == requester.casefold() != "":
            return follow_url(settings.base_url, settings.secret_key, row.desk_id, row.ticket_number)
        return f"{settings.base_url}/tickets/{row.ticket_number}"

    def _service(self, row: OutboxRow) -> Command:
        answered = derived_id(row.id, f"answered {row.next_at.isoformat()}")
        try:
            result = answer_of(self._casepath, row)
        except BpmnError as error:
            return ThrowServiceError(
                id=answered, code=error.code, message=error.message, variables=error.variables, **_common(row)
            )
        return CompleteService(id=answered, result=result, **_common(row))

    def _message(self, row: OutboxRow) -> None:
        self._casepath.messages.send(Sending.thrown(row.id, row.desk_id, row.payload))
        self._casepath.store.outbox.done(row.desk_id, row.id)

    def _signal(self, row: OutboxRow) -> None:
        self._casepath.signals.send(Broadcast.thrown(row.id, row.desk_id, row.payload, row.instance_id))
        self._casepath.store.outbox.done(row.desk_id, row.id)

    def _assignment(self, row: OutboxRow) -> None:
        self._casepath.assigning.assign(Wanted.by(row.key, row.desk_id, row.payload))
        self._casepath.store.outbox.done(row.desk_id, row.id)

    def _failed(self, row: OutboxRow, error: str) -> None:
        """Note a failed try; after the last one the instance is told and an incident opens."""
        if row.attempts < row.max_attempts:
            again = pause(row.attempts, row.back_off)
            self._casepath.store.outbox.try_later(row.desk_id, row.id, error, again)
        else:
            self._give_up(row, error)

    def _give_up(self, row: OutboxRow, error: str) -> None:
        common = {
            **_common(row),
            "id": derived_id(row.id, f"given up {row.next_at.isoformat()}"),
            "error": error,
        }
        if row.kind in _GIVEN_UP:
            command: Command = _GIVEN_UP[row.kind](**common)
        else:
            command = ReportLostJob(kind=row.kind, **common)
        try:
            self._casepath.engine.handle(command)
        except CasepathError as refusal:  # its instance can't be loaded, and somebody was told of that
            log.warning("Nobody could be told that %s was given up: %s", row.id, refusal)


def _common(row: OutboxRow) -> dict[str, Any]:
    return {"desk_id": row.desk_id, "actor": SYSTEM, "job_id": row.id}


def _whole(error: InvalidInput) -> str:
    return " ".join([str(error), *(f"{name}: {sentence}" for name, sentence in error.fields.items())])
