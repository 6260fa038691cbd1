"""An agent opens a ticket for a caller: who asks, and then what for."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import InvalidInput
from engine.runtime.commands import OpenTicket, Requester
from webui import access, identity, notices, opening
from webui.forms import block, command_id, demand, line, new_command_id, summary

bp = Blueprint("callers", __name__, url_prefix="/tickets/new")
_LINES = ("customer", "name", "email", "phone", "channel", "subject", "category", "priority")
_NEEDED = {
    "name": "Who calls?",
    "subject": "Say in a few words what it is about.",
    "channel": "Choose how they reached us.",
}


@bp.get("")
@access.only(*access.WORK)
def find_customer() -> ResponseReturnValue:
    """Ask who calls: find a customer by name, phone or mail, with earlier tickets."""
    query, reads = request.args.get("q", "").strip(), identity.casepath().reads
    found = reads.customers(identity.desk_id(), query, limit=20) if query else []
    return render_template("ticket/find_customer.html", query=query, customers=found)


@bp.get("/for")
@access.only(*access.WORK)
def new_ticket() -> ResponseReturnValue:
    """Show the form of a new ticket, for a known customer or a new one."""
    given = {name: request.args.get(name, "") for name in ("name", "email", "phone")}
    chosen = request.args.get("customer", "")
    if chosen:
        customer = identity.casepath().reads.customer(identity.desk_id(), _customer_id(chosen))
        given = {"name": customer.name, "email": customer.email or "", "phone": customer.phone or ""}
    return _new_page({**given, "customer": chosen, "channel": "phone"}, {})


@bp.post("/for")
@access.only(*access.WORK)
def open_ticket() -> ResponseReturnValue:
    """Open a ticket for a caller."""
    typed = {name: line(name) for name in _LINES} | {"description": block("description")}
    wrong = demand(typed, _NEEDED)
    if not typed["email"] and not typed["phone"]:
        wrong["email"] = "Give a mail address or a phone number, so that we can reach them."
    if wrong:
        return make_response(_new_page(typed, wrong), 422)
    outcome = identity.casepath().engine.handle(_command(typed))
    return notices.after(redirect(url_for("tickets.ticket", number=outcome.ticket_number)), "opened")


def _command(typed: dict[str, str]) -> OpenTicket:
    who = identity.who()
    return OpenTicket(
        id=command_id(),
        desk_id=who.desk_id,
        actor=who.actor,
        process=opening.process_of(who.desk_id),
        channel=typed["channel"],
        subject=typed["subject"],
        description=typed["description"],
        requester=Requester(typed["name"], typed["email"] or None, typed["phone"] or None),
        category=typed["category"] or None,
        priority=typed["priority"] or None,
    )


def _customer_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("Expected a customer of the list, but the address names none.") from None


def _new_page(values: dict[str, str], wrong: dict[str, str]) -> str:
    desk_id = identity.desk_id()
    earlier = []
    if values.get("customer"):
        earlier = identity.casepath().reads.customer_tickets(
            desk_id, _customer_id(values["customer"]), limit=5
        )
    return render_template(
        "ticket/new.html",
        values=values,
        wrong=wrong,
        errors=summary(wrong),
        earlier=earlier,
        choices=opening.choices(desk_id),
        command_id=new_command_id(),
    )
