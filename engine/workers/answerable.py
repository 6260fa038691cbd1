"""What makes a mail that leaves answerable: an id that names its ticket, and where answers should go.

Programs should not answer it (RFC 3834), and should one send it back to us all the same, it is known by its mark.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import parseaddr
from typing import TYPE_CHECKING

from engine.mail.nature import LOOP_HEADER
from engine.message_ids import SentMail, loop_mark, message_id

if TYPE_CHECKING:
    from engine.bootstrap import Casepath
    from engine.store import OutboxRow


def make_answerable(mail: EmailMessage, row: OutboxRow, casepath: Casepath) -> str:
    """Give a mail of an outbox row its headers; return its Message-ID, the same at each try."""
    settings = casepath.settings
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    own = message_id(settings.secret_key, SentMail(row.desk_id, row.ticket_number, row.id), domain)
    mail["Message-ID"] = f"<{own}>"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = loop_mark(settings.secret_key)
    if reply_to := casepath.mailroom.addresses.reply_to(row.desk_id):
        mail["Reply-To"] = reply_to
    if answered := casepath.store.mails.latest_message_id(row.desk_id, row.ticket_number, mail["To"]):
        mail["In-Reply-To"] = mail["References"] = f"<{answered}>"
    return own
