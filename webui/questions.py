"""What a process asks its customer: a message that it waits for, answered by the pack's form of the same name.

While a ticket waits for message `survey_answer` and its pack has a form `survey_answer`, its customer finds that form
on the ticket's page and at an address of its own, which a mail may name. What they fill in is the message's payload.
An answer is taken once, because a catcher hears one message; whoever comes second or too late is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import InvalidInput, NotFound, Refused
from engine.forms import Form
from engine.reads import Ticket
from engine.runtime.commands import DeliverMessage
from engine.runtime.handlers.rights import is_meant
from webui import access, following, identity, limits, notices, offering, times
from webui.forms import command_id, new_command_id

bp = Blueprint("questions", __name__, url_prefix="/follow/<secret>/form/<name>")


@dataclass(frozen=True)
class Question:
    """One question of a ticket to its customer; `schema` is the form as form-js has it."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Fate:
    """How far a question has come: `open`, `answered` or `over` (with the moment), or `unasked`."""

    state: str
    at: datetime | None = None


def asked(ticket: Ticket) -> list[Question]:
    """Return what a ticket asks its customer now, by name."""
    forms = _forms(ticket)
    return [Question(name, offering.schema_of(forms[name], {})) for name in _awaited(ticket) if name in forms]


@bp.get("")
@access.public
def question(secret: str, name: str) -> ResponseReturnValue:
    """Show the form, or say what became of the question."""
    return _page(secret, following.ticket_of(secret), name)


@bp.post("")
@access.public
def answer(secret: str, name: str) -> ResponseReturnValue:
    """Send the process what the customer filled in."""
    ticket = following.ticket_of(secret)
    form = _form(ticket, name)
    limits.count("answer", secret, most=60)
    typed = form.from_html(request.form)
    try:
        fields = form.validate(typed)
    except InvalidInput as error:
        return _page(secret, ticket, name, typed, _kindly(form, typed, error.fields), status=422)
    if name in _kept_to_the_desk(ticket):
        return _page(secret, ticket, name, typed, late=True, status=409)
    message = DeliverMessage(
        id=command_id(),
        desk_id=ticket.desk_id,
        actor=following.customer(ticket),
        ticket=ticket.number,
        name=name,
        payload=fields,
    )
    try:
        identity.casepath().engine.handle(message)
    except Refused:
        return _page(secret, ticket, name, typed, late=True, status=409)
    return notices.after(redirect(url_for("questions.question", secret=secret, name=name)), "thanked")


def _page(
    secret: str,
    ticket: Ticket,
    name: str,
    typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, list[str]] | None = None,
    *,
    late: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """`late` is for an answer that was refused because nobody waits for it any more."""
    form, fate = _form(ticket, name), _fate(ticket, name)
    casepath = identity.casepath()
    desk = casepath.reads.desk(ticket.desk_id)
    page = render_template(
        "portal/question.html",
        ticket=ticket,
        desk=desk,
        secret=secret,
        question=Question(name, offering.schema_of(form, {})),
        state=fate.state,
        when=times.exact(fate.at, times.zone(desk.time_zone)) if fate.at else "",
        late=late,
        typed=typed or {},
        wrong=wrong or {},
        command_id=new_command_id(),
    )
    return make_response(page, status)


def _kindly(form: Form, typed: Mapping[str, Any], wrong: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is wrong by field; what was left out is asked for again in the form's own words."""
    names = {it.key: it.name for it in form.inputs() if not typed.get(it.key or "")}
    return {key: [f"Please answer: {names[key]}" if key in names else it] for key, it in wrong.items()}


def _form(ticket: Ticket, name: str) -> Form:
    try:
        return _forms(ticket)[name]
    except KeyError:
        raise NotFound(f"Expected a question that we ask, but there is none named {name!r}.") from None


def _forms(ticket: Ticket) -> Mapping[str, Form]:
    forms: Mapping[str, Form] = identity.casepath().worlds.of(ticket.desk_id, ticket.snapshot_id).forms
    return forms


def _awaited(ticket: Ticket) -> list[str]:
    """Return the messages that a ticket waits for and its customer may send."""
    names = identity.casepath().reads.awaited_messages(ticket.desk_id, ticket.number)
    kept = _kept_to_the_desk(ticket)
    return [name for name in names if name not in kept]


def _kept_to_the_desk(ticket: Ticket) -> set[str]:
    """Return the messages of actions that are for the desk's own people.

    An action's form may bear its message's name; without this a customer could grant themselves a refund.
    """
    casepath, customer = identity.casepath(), following.customer(ticket)
    offers = casepath.looks.offers(ticket.desk_id, ticket.number)
    theirs = {it.subscription for it in offers if not is_meant(customer, it.action.groups)}
    waits = casepath.reads.subscriptions(ticket.desk_id, ticket.number)
    return {it.name for it in waits if it.id in theirs}


def _fate(ticket: Ticket, name: str) -> Fate:
    """What waits says that it is open; else the trail tells what ended the last wait."""
    reads = identity.casepath().reads
    if name in _awaited(ticket):
        return Fate("open")
    fate, wait = Fate("unasked"), None
    for event in reads.trace(ticket.desk_id, ticket.number):
        if event.kind == "message_awaited" and event.data["name"] == name:
            fate, wait = Fate("unasked"), event.data["subscription"]
        elif wait is not None and event.data.get("subscription") == wait and fate.state == "unasked":
            fate = Fate("answered" if event.kind == "message_received" else "over", event.at)
    return fate
