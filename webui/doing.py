"""What customers may do themselves on their ticket's page: the actions that the diagram offers to them.

A page of its own says first what will come of it. Who comes too late is told so, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import CasepathError, NotFound
from engine.looking import Prospect
from engine.reads import Ticket
from engine.runtime.commands import TakeAction
from engine.runtime.handlers.rights import is_meant
from webui import access, following, identity, limits, notices, offering
from webui.errors import told
from webui.forms import command_id, new_command_id

bp = Blueprint("doing", __name__, url_prefix="/follow/<secret>/do/<uuid:subscription_id>")


def offered(ticket: Ticket, secret: str, asked: Collection[str]) -> list[dict[str, str]]:
    """Return labels and addresses of what a customer may do, without what is `asked` of them anyway, by message."""
    looks, reads, customer = identity.casepath().looks, identity.casepath().reads, following.customer(ticket)
    names = {it.id: it.name for it in reads.subscriptions(ticket.desk_id, ticket.number)}
    return [
        {
            "label": it.action.label,
            "url": url_for("doing.action", secret=secret, subscription_id=it.subscription),
        }
        for it in looks.offers(ticket.desk_id, ticket.number)
        if is_meant(customer, it.action.groups) and names.get(it.subscription) not in asked
    ]


@bp.get("")
@access.public
def action(secret: str, subscription_id: UUID) -> ResponseReturnValue:
    """Show what an action will do, and its form."""
    ticket = following.ticket_of(secret)
    return _page(secret, ticket, _find(ticket, subscription_id), {}, {})


@bp.post("")
@access.public
def take(secret: str, subscription_id: UUID) -> ResponseReturnValue:
    """Do what the page said."""
    ticket = following.ticket_of(secret)
    found = _find(ticket, subscription_id)
    limits.count("answer", secret, most=60)
    typed = found.form.from_html(request.form) if found.form else {}
    command = TakeAction(
        id=command_id(),
        desk_id=ticket.desk_id,
        actor=following.customer(ticket),
        subscription_id=subscription_id,
        fields=typed,
    )
    try:
        identity.casepath().engine.handle(command)
    except CasepathError as refusal:
        wrong = {name: [sentence] for name, sentence in getattr(refusal, "fields", {}).items()}
        return _page(secret, ticket, found, typed, wrong, str(refusal), told(refusal).status)
    return notices.after(redirect(url_for("portal.follow", secret=secret)), "acted_by_customer")


def _find(ticket: Ticket, subscription_id: UUID) -> Prospect:
    found = identity.casepath().looks.prospect(ticket.desk_id, subscription_id)
    meant = is_meant(following.customer(ticket), found.offer.action.groups)
    if found.ticket_number != ticket.number or not meant:
        raise NotFound("Expected something that you can do on this request, but there is no such thing.")
    return found


def _page(
    secret: str,
    ticket: Ticket,
    found: Prospect,
    typed: Mapping[str, Any],
    wrong: Mapping[str, list[str]],
    refusal: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "portal/action.html",
        found=found,
        label=found.offer.action.label,
        ticket=ticket,
        desk=identity.casepath().reads.desk(ticket.desk_id),
        secret=secret,
        schema=offering.schema_of(found.form, found.variables),
        refusal=refusal,
        typed=typed,
        wrong=wrong,
        hidden={"command_id": new_command_id()},
    )
    return make_response(page, status)
