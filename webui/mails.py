"""Mail that came in: what became of each, above all those of which nothing came, and what people do about them.

A mail that was set aside or dropped is taken up as a ticket, added to one, or dismissed with a reason. A form that is
refused comes back with everything that was typed into any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Conflict, InvalidInput, Refused
from engine.mailroom import WAITING, Hand
from engine.runtime.commands import Requester
from webui import access, files, frame, identity, notices, times
from webui.forms import command_id, line, new_command_id, summary
from webui.mailed import NATURES

bp = Blueprint("mails", __name__, url_prefix="/mails")
PAGE_SIZE = 50
VIEWS = {"set_aside": "Set aside", "dropped": "Dropped", "dismissed": "Dismissed", "all": "All mail"}
OUTCOMES = {
    "received": ("being taken in", ""),
    "opened": ("opened a ticket", "ok"),
    "replied": ("a reply", "ok"),
    "noted": ("a note", "ok"),
    "dropped": ("dropped", ""),
    "set_aside": ("set aside", "warn"),
    "dismissed": ("dismissed", ""),
}
KINDS = {"ordinary": "written by a person", **NATURES, "loop": "our own mail"}
_EMPTY = {
    "set_aside": ("Nothing is set aside", "A mail that could become no ticket waits here, with the reason."),
    "dropped": (
        "Nothing was dropped",
        "Mails of programs that belong to no ticket appear here, and our own.",
    ),
    "dismissed": (
        "Nothing was dismissed",
        "Mails of which somebody said that nothing is to come appear here.",
    ),
    "all": ("No mail yet", "Every mail that comes in appears here, with what became of it."),
}
_TYPED = ("name", "email", "subject", "ticket", "as", "reason")


@bp.get("")
@access.only(*access.AUDIT)
def mails() -> ResponseReturnValue:
    """List mails by what became of them, newest first, of one kind or sender where asked."""
    view = request.args.get("view", "set_aside")
    view = view if view in VIEWS else "set_aside"
    nature, sender = request.args.get("kind", ""), request.args.get("q", "").strip()
    nature = nature if nature in KINDS else ""
    casepath, desk_id = identity.casepath(), identity.desk_id()
    page = casepath.reads.mails_in(
        desk_id,
        state=None if view == "all" else view,
        nature=nature or None,
        sender=sender or None,
        cursor=request.args.get("cursor"),
        limit=PAGE_SIZE,
    )
    asked = {"kind": nature or None, "q": sender or None}
    return render_template(
        "mails/mails.html",
        mails=[_row(it) for it in page.items],
        view=view,
        kinds=[{"value": key, "label": label.capitalize()} for key, label in KINDS.items()],
        nature=nature,
        query=sender,
        filtered=bool(nature or sender),
        empty=_EMPTY[view],
        tabs=_tabs(view, asked, casepath.reads.mails_set_aside(desk_id)),
        more=url_for("mails.mails", view=view, **asked, cursor=page.next) if page.next else "",
    )


@bp.get("/<uuid:mail_id>")
@access.only(*access.AUDIT)
def mail(mail_id: UUID) -> ResponseReturnValue:
    """Show a mail: why nothing came of it, what stands in it, and what can be done."""
    return _page(mail_id)


@bp.get("/<uuid:mail_id>.eml")
@access.only(*access.AUDIT)
def raw(mail_id: UUID) -> Response:
    """Hand out a mail as it came, byte for byte."""
    content = identity.casepath().reads.raw_mail(identity.desk_id(), mail_id)
    return files.download(f"mail-{mail_id}.eml", files.BYTES, content)


@bp.get("/<uuid:mail_id>/files/<uuid:file_id>")
@access.only(*access.AUDIT)
def file(mail_id: UUID, file_id: UUID) -> Response:
    """Hand out a file of a mail."""
    found, content = identity.casepath().reads.mail_file(identity.desk_id(), mail_id, file_id)
    return files.download(found.name, found.media_type, content)


@bp.post("/<uuid:mail_id>/open")
@access.only(*access.LEAD)
def open_ticket(mail_id: UUID) -> ResponseReturnValue:
    """Open a ticket with a mail, for the customer who is named."""
    wrong = {}
    if not line("name"):
        wrong["name"] = "Say whose ticket it is."
    if not line("subject"):
        wrong["subject"] = "Say in a few words what it is about."
    requester = Requester(line("name"), line("email") or None)
    by_hand = identity.casepath().mail_by_hand
    return _act(mail_id, wrong, "name", lambda hand: _opened(by_hand.open(hand, line("subject"), requester)))


@bp.post("/<uuid:mail_id>/add")
@access.only(*access.LEAD)
def add(mail_id: UUID) -> ResponseReturnValue:
    """Add a mail to a ticket, as words of the customer or as a note."""
    typed, kind, wrong = line("ticket").removeprefix("#"), line("as"), {}
    if not (typed.isdecimal() and typed.isascii() and len(typed) < 10):
        wrong["ticket"] = "Enter the number of a ticket, such as 4711."
    if kind not in ("reply", "note"):
        wrong["as"] = "Choose what it is there."
    by_hand = identity.casepath().mail_by_hand

    def added(hand: Hand) -> ResponseReturnValue:
        outcome = by_hand.add(hand, int(typed), public=kind == "reply")
        notice = "mail_replied" if kind == "reply" else "mail_noted"
        if outcome.ticket_number != int(typed):
            notice = "mail_followed"
        there = url_for("tickets.ticket", number=outcome.ticket_number, _anchor="last-entry")
        return notices.after(redirect(there), notice)

    return _act(mail_id, wrong, "ticket", added)


@bp.post("/<uuid:mail_id>/dismiss")
@access.only(*access.LEAD)
def dismiss(mail_id: UUID) -> ResponseReturnValue:
    """Say that nothing is to come of a mail, and why."""
    wrong = {} if line("reason") else {"reason": "Say why; it is kept in the desk's trail."}

    def dismissed(hand: Hand) -> ResponseReturnValue:
        identity.casepath().mail_by_hand.dismiss(hand, line("reason"))
        return notices.after(redirect(url_for("mails.mails", view=hand.seen)), "mail_dismissed")

    return _act(mail_id, wrong, "reason", dismissed)


def _act(
    mail_id: UUID, wrong: dict[str, str], first: str, act: Callable[[Hand], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do what a form asks, or show the page again; what names no field stands at the form's first one."""
    if wrong:
        return _page(mail_id, wrong)
    who = identity.who()
    try:
        return act(Hand(command_id(), who.desk_id, who.actor, mail_id, line("seen")))
    except Conflict as refusal:
        return _page(mail_id, refusal=str(refusal), status=409)
    except InvalidInput as refusal:
        fields = {name.removeprefix("requester."): it for name, it in refusal.fields.items()}
        return _page(mail_id, fields or {first: str(refusal)})
    except Refused as refusal:
        return _page(mail_id, {first: str(refusal)})


def _opened(outcome: Any) -> ResponseReturnValue:
    there = url_for("tickets.ticket", number=outcome.ticket_number)
    return notices.after(redirect(there), "mail_opened")


def _page(
    mail_id: UUID, wrong: dict[str, str] | None = None, refusal: str = "", status: int = 422
) -> ResponseReturnValue:
    casepath, desk_id = identity.casepath(), identity.desk_id()
    found = casepath.reads.mail_in(desk_id, mail_id)
    sight, wrong = casepath.mail_by_hand.look(desk_id, mail_id), wrong or {}
    typed = {name: request.form.get(name, "") for name in _TYPED if name in request.form}
    begun = {"name": found.sender_name or found.sender, "email": found.sender, "subject": found.subject}
    page = render_template(
        "mails/mail.html",
        it=found,
        subject=found.subject or "(no subject)",
        outcome=OUTCOMES[found.state],
        facts=_facts(found),
        sight=sight,
        files=_files(found),
        refusal=refusal,
        typed={"as": "reply", **begun, **typed},
        wrong=wrong,
        errors=summary(wrong),
        waits=found.state in WAITING,
        may_act=access.may(identity.who().roles, access.LEAD),
        command_ids={name: new_command_id() for name in ("open", "add", "dismiss")},
    )
    return make_response(page, status if wrong or refusal else 200)


def _files(found: Any) -> list[files.Shown]:
    return [
        files.Shown(
            it.name, files.size_words(it.size), url_for("mails.file", mail_id=found.id, file_id=it.id)
        )
        for it in identity.casepath().reads.mail_files(identity.desk_id(), found.id)
    ]


def _facts(found: Any) -> list[tuple[str, str]]:
    place = frame.place()
    pairs = [
        ("Outcome", OUTCOMES[found.state][0]),
        ("Why", "" if found.state in WAITING else found.reason),
        ("Kind", KINDS.get(found.nature, found.nature)),
        ("Came in", times.exact(found.received_at, place)),
        ("Sent to", found.recipient),
        ("Envelope's sender", found.envelope_sender or ""),
        ("Size", files.size_words(found.size)),
        ("Decided", _decided(found, place)),
        ("Reason", found.decided_why or ""),
    ]
    return [(term, text) for term, text in pairs if text]


def _decided(found: Any, place: Any) -> str:
    if found.decided_at is None:
        return ""
    return f"{times.exact(found.decided_at, place)}, by {found.decided_by_name}"


def _row(found: Any) -> dict[str, Any]:
    place, now = frame.place(), identity.casepath().clock.now()
    return {
        "it": found,
        "subject": found.subject or "(no subject)",
        "sender": found.sender_name or found.sender or "Unknown sender",
        "address": found.sender if found.sender_name else "",
        "why": f"Dismissed by {found.decided_by_name}: {found.decided_why}"
        if found.state == "dismissed"
        else found.reason,
        "chip": OUTCOMES[found.state],
        "kind": NATURES.get(found.nature, ""),
        "when": times.short(found.received_at, now, place),
        "exact": times.exact(found.received_at, place),
    }


def _tabs(view: str, asked: dict[str, str | None], aside: int) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": url_for("mails.mails", view=key, **asked),
            "active": key == view,
            "count": aside if key == "set_aside" else None,
        }
        for key, label in VIEWS.items()
    ]
