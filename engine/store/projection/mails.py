"""What a mail came to: the ticket or entry that was made of it, and the files that now belong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.projection.outbox import job_done
from engine.store.statements import Statement

# A mail that is no longer where the command saw it gets no state, which stops the step: somebody was quicker.
_OUTCOME = """
UPDATE received_mail SET state = CASE WHEN state IN ('received', 'set_aside') THEN %s END,
    nature = %s, reason = %s, found_by = %s, ticket_number = %s, entry_id = %s
WHERE desk_id = %s AND id = %s
"""
_TAKEN_UP = """
UPDATE received_mail SET state = CASE WHEN state = %s THEN %s END,
    found_by = %s, ticket_number = %s, entry_id = %s, decided_at = %s, decided_by = %s, decided_by_name = %s
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
# One that is not kept any more finds no name, which stops the step: the trail must not name a file that isn't there.
_MOVE_IN = """
INSERT INTO attachment (desk_id, id, ticket_number, entry_id, position, name, media_type, size, sha256, added_at,
    content)
SELECT %s, f.id, %s, %s, f.place, u.name, u.media_type, u.size, u.sha256, %s, u.content
FROM unnest(%s::uuid[]) WITH ORDINALITY AS f (id, place) LEFT JOIN upload u ON u.desk_id = %s AND u.id = f.id
"""
_MOVE_OUT = "DELETE FROM upload WHERE desk_id = %s AND id = ANY(%s)"


def mail_taken(event: Event, instance: Instance) -> Iterator[Statement]:
    """A ticket was opened, or an entry added, perhaps by a mail, perhaps with files."""
    data, desk_id = event.data, instance.desk_id
    entry, number = row_id(data.get("entry")), instance.ticket_number
    if mail := data.get("mail"):
        yield _outcome(mail, event, instance, entry)
        yield _REFER, (desk_id, event.values["message_id"], number, "received")
    if files := data.get("attachments"):
        ids = [row_id(it["attachment"]) for it in files]
        if mail:
            yield _ATTACH, (number, entry, desk_id, ids)
        else:
            yield _MOVE_IN, (desk_id, number, entry, instance.last_event_at, ids, desk_id)
            yield _MOVE_OUT, (desk_id, ids)


def _outcome(mail: Mapping[str, Any], event: Event, instance: Instance, entry: UUID | None) -> Statement:
    there, row = (instance.ticket_number, entry), (instance.desk_id, row_id(mail["mail"]))
    if "by" not in mail:
        return _OUTCOME, (mail["outcome"], mail["nature"], mail["reason"], mail["found_by"], *there, *row)
    who = (instance.last_event_at, mail["by"], event.values["mail_by"])
    return _TAKEN_UP, (mail["was"], mail["outcome"], mail["found_by"], *there, *who, *row)


def mail_sent(event: Event, instance: Instance) -> Iterator[Statement]:
    """A mail left. An answer to its id finds the ticket, also after the secret key has changed."""
    yield from job_done(event, instance)
    if sent := event.data.get("message_id"):
        yield _REFER, (instance.desk_id, sent, instance.ticket_number, "sent")
