"""The ids of mails that we send: each names its ticket, and nobody else can make one.

An id is the desk, the ticket's number, the outbox row and a signature over the three (HMAC-SHA256 with the
installation's secret key), `casepath.1.4711.018f….9ac1…@desk.example`. Whoever answers with it in In-Reply-To or
References has had a mail about this ticket in hand.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

_SIGNATURE_DIGITS = 32
_OURS = re.compile(
    r"casepath\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{32})\.([0-9a-f]{32})(?![0-9a-f])", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class SentMail:
    """Which mail an id of ours is of: its desk, its ticket, and its row in the outbox."""

    desk_id: int
    ticket: int
    job: UUID


def message_id(secret_key: str, mail: SentMail, domain: str) -> str:
    """Return the Message-ID of a mail that we send, without brackets; the same at each try."""
    return f"casepath.{_named(mail)}.{_signature(secret_key, mail)}@{domain}"


def read_message_id(secret_key: str, text: str) -> SentMail | None:
    """Return which mail of ours an id names, or None where it isn't ours. Also found inside other text."""
    for found in _OURS.finditer(text):
        mail = SentMail(int(found[1]), int(found[2]), UUID(found[3]))
        if hmac.compare_digest(found[4].lower(), _signature(secret_key, mail)):
            return mail
    return None


def loop_mark(secret_key: str) -> str:
    """Return what every mail of this installation carries, so that it knows its own when they come back."""
    return hmac.digest(secret_key.encode(), b"mail loop", "sha256").hex()[:_SIGNATURE_DIGITS]


def _named(mail: SentMail) -> str:
    return f"{mail.desk_id}.{mail.ticket}.{mail.job.hex}"


def _signature(secret_key: str, mail: SentMail) -> str:
    digest = hmac.digest(secret_key.encode(), f"mail {_named(mail)}".encode(), "sha256")
    return digest.hex()[:_SIGNATURE_DIGITS]
