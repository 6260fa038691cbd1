"""A ticket's conversation as one reads it: entries, and the mails that the process sent, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from engine.links import question_path, with_links
from webui import files, following, frame, identity, mailed, opening, times

# Who has the customer's link speaks as the customer, so that no page of ours shows it to anybody else.
OWN_LINK = "_(a link of the customer's own)_"
STATES = {"pending": "being sent", "done": "sent", "failed": "not delivered"}
KINDS = {"reply": "replied", "note": "noted, for us only", "call": "noted a call"}


@dataclass(frozen=True)
class Line:
    """One contribution: who, what kind of, when (in words and exactly), and the text; `aside` is none of the
    customer's business, and folded away."""

    author: str
    what: str
    when: str
    exact: str
    at: datetime
    body: str
    look: str
    subject: str = ""
    marked_up: bool = False
    remarks: tuple[str, ...] = ()
    quoted: str = ""
    files: tuple[files.Shown, ...] = ()
    source: str = ""
    aside: bool = False


def shown(ticket: Any, place: tzinfo, now: datetime, *, public: bool = False) -> list[Line]:
    """Return the conversation, oldest first; with `public`, only what the customer may read, in the desk's name."""
    reads = identity.casepath().reads
    entries = reads.entries(ticket.desk_id, ticket.number, public_only=public)
    asked = [it for it in reads.mails(ticket.desk_id, ticket.number) if it.state != "cancelled"]
    mails, replies = [it for it in asked if not it.entry], {it.entry: it for it in asked if it.entry}
    came = mailed.of_ticket(ticket, public=public)
    lines = [came.laid(_first(ticket, place, now), None)]
    lines += [
        came.laid(_entry(entry, place, now, None if public else replies.get(str(entry.id))), entry.id)
        for entry in entries
    ]
    lines += [
        _letter(it, ticket, place, now) if public else _mail(it, ticket, place, now)
        for it in mails
        if not public or _is_for(it, ticket)
    ]
    return sorted(lines, key=lambda line: line.at)


def _first(ticket: Any, place: tzinfo, now: datetime) -> Line:
    asked = f"asked, {opening.label('channels', ticket.channel).lower()}"
    return _line(
        ticket.requester_name or "Customer", asked, ticket.opened_at, ticket.description, "entry", place, now
    )


def _is_for(mail: Any, ticket: Any) -> bool:
    """A mail to a lead or a supplier is none of the customer's business."""
    return bool(mail.to) and mail.to == ticket.requester_email


def _letter(mail: Any, ticket: Any, place: tzinfo, now: datetime) -> Line:
    page = following.page_of(ticket.desk_id, ticket.number)
    body = with_links(mail.body, lambda name: f"[this page]({page}{question_path(name)})")
    line = _line(
        frame.desk(ticket.desk_id).title, "wrote by mail", mail.at, body, "entry entry-ours", place, now
    )
    return replace(line, subject=mail.subject, marked_up=True)


def _entry(entry: Any, place: tzinfo, now: datetime, mail: Any) -> Line:
    ours = "" if entry.author_kind == "customer" else " entry-ours"
    look = "entry entry-note" if not entry.public else f"entry{ours}"
    what = KINDS[entry.kind] if entry.kind != "call" or not entry.public else "called"
    what += f", by mail: {STATES.get(mail.state, 'not sent')}" if mail else ""
    return _line(entry.author_name, what, entry.at, entry.body, look, place, now)


def _mail(mail: Any, ticket: Any, place: tzinfo, now: datetime) -> Line:
    """Where a mail went to somebody else than the customer, it says to whom: nobody must take it for an answer."""
    aside = not _is_for(mail, ticket)
    what = f"mail{f' to {mail.to}' if aside else ''}, {STATES.get(mail.state, 'not sent')}"
    body = with_links(mail.body, lambda name: OWN_LINK)
    line = _line("Casepath", what, mail.at, body, "entry entry-ours", place, now)
    return replace(line, subject=mail.subject, marked_up=True, aside=aside)


def _line(author: str, what: str, at: datetime, body: str, look: str, place: tzinfo, now: datetime) -> Line:
    return Line(author, what, times.short(at, now, place), times.exact(at, place), at, body, look)
