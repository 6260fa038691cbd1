"""Records: an account looked up by whatever its customer says, with all that belongs to it; every look is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.currencies import amount_text
from engine.records.titles import done
from webui import access, frame, identity, times

_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
bp = Blueprint("records", __name__, url_prefix="/records")

# What stands in the tables, by the words for many: the heading, then parts with their heads. Money is shown with its
# currency, so that this part has no column of its own.
TABLES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "contracts": (
        "Contracts",
        (
            ("number", "Contract"), ("package", "Package"), ("price", "A month"), ("starts_on", "Begins"),
            ("term_ends_on", "Agreed until"), ("ends_on", "Ends"), ("status", "State"),
        ),
    ),
    "amendments": (
        "Changes of contracts",
        (
            ("number", "Change"), ("contract", "Contract"), ("package", "Package"), ("price", "A month"),
            ("begins_on", "From"), ("made_at", "Made"), ("status", "State"),
        ),
    ),
    "equipment": (
        "Equipment",
        (
            ("serial", "Serial number"), ("model", "Model"), ("type", "Type"), ("assigned_on", "Since"),
            ("warranty_until", "Warranty until"), ("repairs", "Repairs"),
        ),
    ),
    "reservations": (
        "Reserved", (("number", "Reservation"), ("model", "Model"), ("quantity", "Quantity"), ("status", "State")),
    ),
    "invoices": (
        "Invoices",
        (
            ("number", "Invoice"), ("issued_at", "Issued"), ("reason", "For"), ("amount", "Amount"), ("paid", "Paid"),
            ("due_on", "Due"), ("status", "State"),
        ),
    ),
    "payments": (
        "Payments",
        (
            ("number", "Payment"), ("received_at", "Received"), ("method", "By"), ("card", "Card"),
            ("reference", "Reference"), ("amount", "Amount"), ("settled", "Settled"), ("refunded", "Paid back"),
        ),
    ),
    "cards": (
        "Cards", (("number", "Card"), ("card", "Digits"), ("expires_on", "Valid until"), ("status", "State")),
    ),
    "refunds": (
        "Refunds",
        (
            ("number", "Refund"), ("refunded_at", "Paid back"), ("payment", "Of payment"), ("reason", "For"),
            ("amount", "Amount"),
        ),
    ),
    "credits": (
        "Credits",
        (
            ("number", "Credit"), ("granted_at", "Granted"), ("reason", "For"), ("amount", "Amount"),
            ("status", "State"),
        ),
    ),
    "appointments": (
        "Appointments",
        (
            ("number", "Appointment"), ("starts_at", "Begins"), ("time_window", "Window"), ("address", "Where"),
            ("outcome", "Outcome"), ("status", "State"),
        ),
    ),
    "shipments": (
        "Shipments",
        (
            ("number", "Shipment"), ("created_at", "Prepared"), ("items", "What"), ("carrier", "Carrier"),
            ("tracking", "Tracking"), ("status", "State"),
        ),
    ),
}  # fmt: skip
# A reason may be a person's words, or the code of a choice that a process passed on: that is told in words.
CODES = frozenset({"status", "reason"})
MONEY = frozenset({"price", "amount", "paid", "refunded"})
# Of most moments the day is what matters: an hour alone, of something made today, would say nothing in a table.
MOMENTS = frozenset({"starts_at"})


@bp.get("")
@access.only(*access.READ)
def search() -> ResponseReturnValue:
    """Find an account; a search that leads to one alone goes straight to it."""
    query, casepath = request.args.get("q", "").strip(), identity.casepath()
    found = casepath.reads.accounts(identity.desk_id(), query)
    if len(found) == 1:
        return redirect(url_for("records.account", number=found[0].number))
    if found:
        _keep([it.number for it in found])
    return render_template("records/search.html", query=query, accounts=found)


@bp.get("/accounts/<number>")
@access.only(*access.READ)
def account(number: str) -> ResponseReturnValue:
    """Show an account with all that belongs to it."""
    now, place = identity.casepath().clock.now(), frame.place()
    found = identity.casepath().reads.account(identity.desk_id(), number, now)
    _keep([number])
    facts, currency = found.facts, found.facts["currency"]
    return render_template(
        "records/account.html",
        account=facts,
        opened=times.exact(facts["opened_at"], place),
        closed=times.exact(facts["closed_at"], place),
        owed=amount_text(found.owed, currency),
        credit=amount_text(found.credit, currency),
        tables=[
            _table(*TABLES[plural], rows, found.models) for plural, rows in found.belongings.items() if rows
        ],
        operations=[
            {
                "name": done(it.operation),
                "ticket": it.ticket_number,
                "when": times.short(it.done_at, now, place),
            }
            for it in found.operations
        ],
    )


def _keep(accounts: Iterable[str]) -> None:
    identity.casepath().records.looked_at(identity.desk_id(), identity.who().actor, list(accounts))


def _table(
    title: str, parts: tuple[tuple[str, str], ...], rows: list[Mapping[str, Any]], models: Mapping[str, str]
) -> dict[str, Any]:
    """A part that no record has is left out: most columns of a small table would be empty."""
    parts = tuple((name, head) for name, head in parts if any(row[name] is not None for row in rows))
    heads = [{"text": head, "num": True} if name in MONEY else head for name, head in parts]
    cells = [[(_shown(name, row, models), name in MONEY) for name, _ in parts] for row in rows]
    return {"title": title, "heads": heads, "rows": cells}


def _shown(name: str, row: Mapping[str, Any], models: Mapping[str, str]) -> str:
    value = row[name]
    if value is None:
        return ""
    if name in MONEY:
        return amount_text(value, row["currency"])
    if name == "status" and _is_still_to_end(row):
        return "ending"
    if name in MOMENTS:
        return times.short(value, identity.casepath().clock.now(), frame.place())
    if isinstance(value, date):
        day = value.astimezone(frame.place()) if isinstance(value, datetime) else value
        return f"{day.day} {day:%b %Y}"
    if name == "model":
        return models.get(value, value)
    if name == "settled":
        return ", ".join(f"{it['invoice']}: {amount_text(it['amount'], row['currency'])}" for it in value)
    if isinstance(value, list):
        return ", ".join(f"{it['quantity']} × {models.get(it['model'], it['model'])}" for it in value)
    return str(value).replace("_", " ") if name in CODES and _CODE.fullmatch(str(value)) else str(value)


def _is_still_to_end(row: Mapping[str, Any]) -> bool:
    """A contract counts as ended once its end is agreed; whoever reads it should see that it goes on till then."""
    today = identity.casepath().clock.now().astimezone(frame.place()).date()
    return row["status"] == "ended" and bool(row.get("ends_on")) and row["ends_on"] >= today
