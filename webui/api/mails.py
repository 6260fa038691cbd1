"""Mail that came in, by the API: what became of each, and what people decide about those of which nothing came."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from engine.mailroom import Hand
from engine.runtime.commands import Requester
from webui import access, files, identity
from webui.api import asking, records
from webui.api.declare import PREFIX, operation
from webui.api.schemas import LINE, MAIL_NATURE, MAIL_STATE, PAGING

_FILTERS = {
    "state": MAIL_STATE,
    "nature": MAIL_NATURE,
    "sender": {**LINE, "description": "The whole mail address."},
    **PAGING,
}


@operation(
    "GET",
    "/mails",
    "List the mails that came in, newest first, with what became of each",
    roles=access.AUDIT,
    answer="ReceivedMails",
    query=_FILTERS,
)
def list_mails(query: dict[str, Any]) -> Any:
    wanted = {name: query.get(name) for name in ("state", "nature", "sender")}
    page = identity.casepath().reads.mails_in(identity.desk_id(), **wanted, **asking.page_limits(query))
    return {"items": [_mail(it) for it in page.items], "next": page.next}


@operation(
    "GET",
    "/mails/{id}",
    "Read a mail that came in: its text, its files, and the headers that tell something",
    roles=access.AUDIT,
    answer="MailSeen",
)
def read_mail(id: UUID) -> Any:
    casepath, desk_id = identity.casepath(), identity.desk_id()
    found, sight = casepath.reads.mail_in(desk_id, id), casepath.mail_by_hand.look(desk_id, id)
    headers = [{"name": name, "text": text} for name, text in sight.headers]
    attached = [_file(id, it) for it in casepath.reads.mail_files(desk_id, id)]
    said = {"text": sight.text, "quoted": sight.quoted, "left_out": list(sight.left_out)}
    return {**_mail(found), **said, "headers": headers, "attachments": attached}


@operation(
    "GET",
    "/mails/{id}/raw",
    "Get a mail as it came, byte for byte",
    roles=access.AUDIT,
    answer=None,
    media="application/octet-stream",
)
def read_raw_mail(id: UUID) -> Response:
    content = identity.casepath().reads.raw_mail(identity.desk_id(), id)
    return files.download(f"mail-{id}.eml", files.BYTES, content)


@operation(
    "GET",
    "/mails/{id}/attachments/{file}",
    "Get a file of a mail, byte for byte",
    roles=access.AUDIT,
    answer=None,
    media="application/octet-stream",
)
def read_mail_attachment(id: UUID, file: UUID) -> Response:
    found, content = identity.casepath().reads.mail_file(identity.desk_id(), id, file)
    return files.download(found.name, files.BYTES, content)


@operation(
    "POST",
    "/mails/{id}/open",
    "Open a ticket with a mail that was set aside, dropped or dismissed",
    roles=access.LEAD,
    body="OpenMail",
    answer="Outcome",
    status=201,
)
def open_mail(id: UUID, body: dict[str, Any]) -> Any:
    requester = body["requester"]
    customer = Requester(requester["name"], requester.get("email"), requester.get("phone"))
    return records.outcome(_by_hand().open(_hand(id, body), body["subject"], customer))


@operation(
    "POST",
    "/mails/{id}/add",
    "Add a mail that was set aside, dropped or dismissed to a ticket, as a reply of the customer or as a note",
    roles=access.LEAD,
    body="AddMail",
    answer="Outcome",
    status=201,
)
def add_mail(id: UUID, body: dict[str, Any]) -> Any:
    public = body["kind"] == "reply"
    return records.outcome(_by_hand().add(_hand(id, body), body["ticket"], public=public))


@operation(
    "POST",
    "/mails/{id}/dismiss",
    "Say that nothing is to come of a mail, and why",
    roles=access.LEAD,
    body="DismissMail",
    answer="ReceivedMail",
)
def dismiss_mail(id: UUID, body: dict[str, Any]) -> Any:
    _by_hand().dismiss(_hand(id, body), body["reason"])
    return _mail(identity.casepath().reads.mail_in(identity.desk_id(), id))


def _by_hand() -> Any:
    return identity.casepath().mail_by_hand


def _hand(id: UUID, body: dict[str, Any]) -> Hand:
    common = asking.common()
    return Hand(common["id"], common["desk_id"], common["actor"], id, body["seen"])


def _mail(found: Any) -> dict[str, Any]:
    names = ("id", "message_id", "sender", "sender_name", "recipient", "subject", "size", "nature", "state")
    more = ("reason", "found_by", "received_at", "decided_at", "decided_by_name", "decided_why")
    facts = records.same(found, *names, *more)
    return {**facts, "ticket": found.ticket_number, "entry": found.entry_id, "sha256": found.sha256.hex()}


def _file(mail: UUID, found: Any) -> dict[str, Any]:
    facts = records.same(found, "id", "name", "media_type", "size")
    where = f"{PREFIX}/mails/{mail}/attachments/{found.id}"
    return {**facts, "sha256": found.sha256.hex(), "href": where}
