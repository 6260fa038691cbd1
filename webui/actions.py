"""Actions: what a ticket's diagram accepts now from whoever looks, and the page on which one is confirmed.

Nothing happens before the page of an action was read: it says what will come of it, what would be taken back and
until when it can be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import CasepathError
from engine.looking import Prospect
from engine.runtime.commands import TakeAction
from engine.runtime.handlers.rights import is_meant
from webui import access, headers, identity, notices, offering
from webui.errors import told
from webui.forms import command_id, new_command_id
from webui.plain import plain

bp = Blueprint("actions", __name__, url_prefix="/actions/<uuid:subscription_id>")


def offered(number: int) -> list[dict[str, Any]]:
    """Return the actions of a ticket for the person who looks: their labels and addresses."""
    who, casepath = identity.who(), identity.casepath()
    if not access.may(who.roles, access.WORK):
        return []
    return [
        {"label": it.action.label, "url": url_for("actions.action", subscription_id=it.subscription)}
        for it in casepath.looks.offers(who.desk_id, number)
        if is_meant(who.actor, it.action.groups)
    ]


@bp.get("")
@access.only(*access.WORK)
def action(subscription_id: UUID) -> ResponseReturnValue:
    """Show what an action will do, and its form."""
    return _page(_find(subscription_id), {}, {})


@bp.post("")
@access.only(*access.WORK)
def take(subscription_id: UUID) -> ResponseReturnValue:
    """Do what the page said."""
    found, who = _find(subscription_id), identity.who()
    typed = found.form.from_html(request.form) if found.form else {}
    command = TakeAction(
        id=command_id(),
        desk_id=who.desk_id,
        actor=who.actor,
        subscription_id=subscription_id,
        fields=typed,
    )
    try:
        identity.casepath().engine.handle(command)
    except CasepathError as refusal:
        wrong = {name: [sentence] for name, sentence in getattr(refusal, "fields", {}).items()}
        return _page(found, typed, wrong, str(refusal), told(refusal).status)
    return notices.after(redirect(url_for("tickets.ticket", number=found.ticket_number)), "acted")


def _find(subscription_id: UUID) -> Prospect:
    return identity.casepath().looks.prospect(identity.desk_id(), subscription_id)


def _page(
    found: Prospect,
    typed: Mapping[str, Any],
    wrong: Mapping[str, list[str]],
    refusal: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    headers.draws()
    who, casepath = identity.who(), identity.casepath()
    page = render_template(
        "ticket/action.html",
        found=found,
        label=found.offer.action.label,
        ticket=casepath.reads.ticket(who.desk_id, found.ticket_number),
        schema=offering.schema_of(found.form, found.variables),
        data={**plain(found.variables), **typed},
        errors=wrong,
        refusal=refusal,
        meant=is_meant(who.actor, found.offer.action.groups),
        groups=found.offer.action.groups,
        hidden={"command_id": new_command_id()},
    )
    return make_response(page, status)
