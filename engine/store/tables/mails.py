"""Mail that came in, the message ids by which mails belong to tickets, and what was attached."""

from __future__ import annotations

from sqlalchemy import Index, Integer, Table, Text, text

from engine.store.tables.columns import (
    desk_id,
    key,
    metadata,
    moment,
    number,
    one_of,
    raw,
    text_,
    texts,
    uuid,
)

received_mail = Table(
    "received_mail",
    metadata,
    desk_id(),
    key("id"),
    text_("message_id"),
    raw("sha256"),
    number("size"),
    text_("sender"),
    text_("sender_name"),
    text_("recipient"),
    text_("envelope_sender", null=True),
    text_("brought_by", default="casepath"),
    text_("subject"),
    text_("nature"),
    text_("state"),
    text_("reason", default=""),
    text_("found_by", null=True),
    text_("quoted", default=""),
    texts("left_out"),
    number("ticket_number", null=True),
    uuid("entry_id", null=True),
    moment("received_at"),
    raw("content"),
    number("tries", default=0),
    moment("next_at", now=True),
    moment("decided_at", null=True),
    text_("decided_by", null=True),
    text_("decided_by_name", null=True),
    text_("decided_why", null=True),
    one_of("state", "received", "opened", "replied", "noted", "dropped", "set_aside", "dismissed"),
    Index("ix_received_mail_ticket", "desk_id", "ticket_number"),
    Index("ix_received_mail_sender", "desk_id", "sender", "received_at"),
    Index("ix_received_mail_newest", "desk_id", "received_at", "id"),
    Index("ix_received_mail_state", "desk_id", "state", "received_at", "id"),
    Index("ix_received_mail_nature", "desk_id", "nature", "received_at", "id"),
    Index("ix_received_mail_unfinished", "next_at", postgresql_where=text("state = 'received'")),
    comment="A mail that came in, whole: what it is (`nature`), what came of it (`state`), and why. "
    "`quoted` is the history that its writer's program repeated. `tries` and `next_at` (the database's time) are of "
    "one whose handling was cut off; `decided_by` is who took a mail up or dismissed it by hand.",
)

mail_reference = Table(
    "mail_reference",
    metadata,
    desk_id(),
    key("message_id", Text),
    key("ticket_number", Integer),
    text_("direction"),
    one_of("direction", "sent", "received"),
    comment="The message ids of mails that were sent or received for a ticket, by which answers find it.",
)

attachment = Table(
    "attachment",
    metadata,
    desk_id(),
    key("id"),
    uuid("mail_id", null=True),
    number("ticket_number", null=True),
    uuid("entry_id", null=True),
    number("position"),
    text_("name"),
    text_("media_type"),
    number("size"),
    raw("sha256"),
    moment("added_at"),
    raw("content"),
    Index("ix_attachment_ticket", "desk_id", "ticket_number"),
    Index("ix_attachment_mail", "desk_id", "mail_id"),
    comment="A file of a ticket: of an entry, or of what it was opened with where there is no entry. "
    "It belongs to a ticket from the moment at which a step says so.",
)

upload = Table(
    "upload",
    metadata,
    desk_id(),
    key("id"),
    uuid("owner"),
    text_("name"),
    text_("media_type"),
    number("size"),
    raw("sha256"),
    moment("added_at", now=True),
    raw("content"),
    Index("ix_upload_owner", "desk_id", "owner"),
    Index("ix_upload_added_at", "added_at"),
    comment="A file that was sent by a page or by REST and belongs to no ticket yet: it becomes an attachment with "
    "the words that it is sent with, or is forgotten after two days. `owner` is the form or token that sent it.",
)
