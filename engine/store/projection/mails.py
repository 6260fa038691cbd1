"""What a mail came to: the ticket or entry that was made of it, and the files that now belong there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.projection.outbox import job_done
from engine.store.statements import Statement

_OUTCOME = """
UPDATE received_mail SET state = %s, nature = %s, reason = %s, found_by = %s, ticket_number = %s, entry_id = %s
WHERE desk_id = %s AND id = %s
"""
_REFER = """
INSERT INTO mail_reference (desk_id, message_id, ticket_number, direction) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_ATTACH = """
UPDATE attachment SET ticket_number = %s, entry_id = %s
WHERE desk_id = %s AND id = ANY(%s) AND ticket_number IS NULL
"""


def mail_taken(event: Event, instance: Instance) -> Iterator[Statement]:
    """A ticket was opened, or an entry added, perhaps by a mail, perhaps with files."""
    data, desk_id = event.data, instance.desk_id
    entry, number = row_id(data.get("entry")), instance.ticket_number
    if mail := data.get("mail"):
        told = (mail["outcome"], mail["nature"], mail["reason"], mail["found_by"])
        yield _OUTCOME, (*told, number, entry, desk_id, row_id(mail["mail"]))
        yield _REFER, (desk_id, event.values["message_id"], number, "received")
    if files := data.get("attachments"):
        yield _ATTACH, (number, entry, desk_id, [row_id(it["attachment"]) for it in files])


def mail_sent(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail left. An answer to its id finds the ticket, also after the secret key has changed."""
    yield from job_done(event, instance)
    if sent := event.data.get("message_id"):
        yield _REFER, (instance.desk_id, sent, instance.ticket_number, "sent")
