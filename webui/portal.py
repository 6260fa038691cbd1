"""The customer's pages: ask for help, follow one's ticket, answer, and say whether it is solved.

Nobody logs in here. The address of a ticket's page holds a signature that only this installation can make; whoever
has the link may read and answer that one ticket, as with a link in a letter.
"""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Refused
from engine.reads import Desk, Ticket
from engine.runtime.commands import Actor, AddEntry, DeliverMessage, OpenTicket, Requester
from webui import (
    access,
    conversation,
    doing,
    following,
    identity,
    limits,
    notices,
    opening,
    questions,
    related,
    times,
    uploading,
)
from webui.forms import block, command_id, demand, line, new_command_id, summary

bp = Blueprint("portal", __name__)

CHANNEL = "web_form"
CONFIRMATION = "customer_confirmation"
ANSWERS = {"yes": True, "no": False}
_NEEDED = {
    "name": "Tell us your name.",
    "email": "Tell us where to write to you.",
    "subject": "Say in a few words what it is about.",
    "description": "Tell us what happened.",
}
NOT_ASKED = "We no longer ask whether it is solved. If there is something left to say, write to us here."


@bp.get("/help")
@access.public
def start() -> ResponseReturnValue:
    """Lead to the desk's page, or offer the desks where there are several."""
    desks = identity.casepath().reads.desks()
    if len(desks) == 1:
        return redirect(url_for("portal.ask", desk_key=desks[0].key))
    return render_template("portal/desks.html", desks=desks)


@bp.get("/help/<desk_key>")
@access.public
def ask(desk_key: str) -> ResponseReturnValue:
    """Show the form by which a customer asks for help."""
    return _ask_page(identity.casepath().desk(desk_key), {}, {})


@bp.post("/help/<desk_key>")
@access.public
@uploading.welcome
def submit(desk_key: str) -> ResponseReturnValue:
    """Open the customer's ticket and lead to its page."""
    desk = identity.casepath().desk(desk_key)
    typed = {name: line(name) for name in ("name", "email", "phone", "subject", "category")}
    typed["description"] = block("description")
    form = _sent(desk.id, limits.address())
    wrong = demand(typed, _NEEDED) | form.wrong()
    if typed["email"] and "@" not in typed["email"]:
        wrong["email"] = "Enter a mail address, such as ann@example.com."
    if wrong:
        return make_response(_ask_page(desk, typed, wrong, form), 422)
    limits.count("ask", limits.address(), most=30)
    outcome = identity.casepath().engine.handle(_opening(desk, typed, form))
    return notices.after(redirect(following.page_of(desk.id, outcome.ticket_number)), "asked")


@bp.get("/follow/<secret>")
@access.public
def follow(secret: str) -> ResponseReturnValue:
    """Show a customer their ticket: where it stands, what was said, and what is asked of them."""
    return _follow_page(secret, {}, {})


@bp.post("/follow/<secret>/answer")
@access.public
@uploading.welcome
def answer(secret: str) -> ResponseReturnValue:
    """Add the customer's words to the conversation."""
    ticket, body = following.ticket_of(secret), block("body")
    form = _sent(ticket.desk_id, secret)
    wrong = ({} if body else {"body": "Write something first."}) | form.wrong()
    if wrong:
        return _follow_page(secret, {"body": body}, wrong, form=form)
    limits.count("answer", secret, most=60)
    outcome = identity.casepath().replies.take(_entry(ticket, body, form), CHANNEL)
    if outcome.ticket_number != ticket.number:
        return notices.after(redirect(following.page_of(ticket.desk_id, outcome.ticket_number)), "asked_anew")
    return notices.after(redirect(url_for("portal.follow", secret=secret, _anchor="last-entry")), "answered")


@bp.post("/follow/<secret>/confirm")
@access.public
def confirm(secret: str) -> ResponseReturnValue:
    """Take the customer's word on whether the matter is solved."""
    ticket, solved, comment = following.ticket_of(secret), request.form.get("solved", ""), block("comment")
    if solved not in ANSWERS:
        return _follow_page(secret, {"comment": comment}, {"solved": "Choose yes or no."})
    if solved == "no" and not comment:
        wrong = {"comment": "Tell us what is still wrong, so that we can go on."}
        return _follow_page(secret, {"solved": "no"}, wrong)
    try:
        identity.casepath().engine.handle(_confirmation(ticket, solved, comment))
    except Refused:
        return _follow_page(secret, {"body": comment}, {"body": NOT_ASKED}, 409)
    name = "confirmed" if ANSWERS[solved] else "not_solved"
    return notices.after(redirect(url_for("portal.follow", secret=secret)), name)


def _confirmation(ticket: Ticket, solved: str, comment: str) -> DeliverMessage:
    return DeliverMessage(
        id=command_id(),
        desk_id=ticket.desk_id,
        actor=following.customer(ticket),
        ticket=ticket.number,
        name=CONFIRMATION,
        payload={"satisfied": ANSWERS[solved], "comment": comment or None},
        entry=comment or None,
    )


def _entry(ticket: Ticket, body: str, form: uploading.Form) -> AddEntry:
    return AddEntry(
        id=form.id,
        desk_id=ticket.desk_id,
        actor=following.customer(ticket),
        ticket=ticket.number,
        kind="reply",
        public=True,
        body=body,
        attachments=form.attachments,
    )


def _sent(desk_id: int, sender: str) -> uploading.Form:
    """Return the form that was sent, its files kept: of each sender only so many, as nobody logs in here."""
    if request.files:
        limits.count("files", sender, most=60)
    return uploading.sent(desk_id)


def _opening(desk: Desk, typed: dict[str, str], form: uploading.Form) -> OpenTicket:
    return OpenTicket(
        id=form.id,
        desk_id=desk.id,
        actor=Actor("customer", CHANNEL, typed["name"]),
        process=opening.process_of(desk.id),
        channel=CHANNEL,
        subject=typed["subject"],
        description=typed["description"],
        requester=Requester(typed["name"], typed["email"], typed["phone"] or None),
        category=typed["category"] or None,
        attachments=form.attachments,
    )


def _ask_page(
    desk: Desk,
    typed: dict[str, str],
    wrong: dict[str, str],
    form: uploading.Form | None = None,
) -> str:
    form = form or uploading.blank()
    return render_template(
        "portal/ask.html",
        desk=desk,
        values=typed,
        wrong=wrong,
        errors=summary(wrong),
        categories=opening.choices(desk.id)["categories"],
        files=form.files,
        command_id=form.id,
    )


def _follow_page(
    secret: str,
    typed: dict[str, str],
    wrong: dict[str, str],
    status: int = 422,
    form: uploading.Form | None = None,
) -> ResponseReturnValue:
    ticket, casepath = following.ticket_of(secret), identity.casepath()
    now, place = casepath.clock.now(), times.zone(g.desk_zone)
    awaited = casepath.reads.awaited_messages(ticket.desk_id, ticket.number)
    asked, form = questions.asked(ticket), form or uploading.blank()
    page = render_template(
        "portal/follow.html",
        ticket=ticket,
        secret=secret,
        desk=casepath.reads.desk(ticket.desk_id),
        entries=conversation.shown(ticket, place, now, public=True),
        asks_confirmation=CONFIRMATION in awaited and CONFIRMATION not in {it.name for it in asked},
        questions=[(it, new_command_id()) for it in asked],
        actions=doing.offered(ticket, secret, {CONFIRMATION, "customer_reply", *(it.name for it in asked)}),
        links=related.of_customer(ticket),
        heard=ticket.closed_at is None or "customer_reply" in awaited,
        opened=times.exact(ticket.opened_at, place),
        closed=times.exact(ticket.closed_at, place),
        typed=typed,
        wrong=wrong,
        errors=summary(wrong),
        files=form.files,
        command_ids={"answer": form.id, "confirm": new_command_id()},
    )
    return make_response(page, status if wrong else 200)
