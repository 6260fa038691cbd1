"""Accounts by the API: look them up with what belongs to them, and import records. Amounts are decimal text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from engine.feel.numbers import number_text
from engine.records.importing import record_of
from webui import access, identity
from webui.api import asking
from webui.api.declare import operation
from webui.api.schemas import LINE


@operation(
    "GET",
    "/accounts",
    "Find accounts by number, name, mail address, phone or serial number; the look is kept",
    roles=access.READ,
    answer="Accounts",
    query={"q": LINE},
)
def find_accounts(query: dict[str, Any]) -> Any:
    found = identity.casepath().reads.accounts(identity.desk_id(), query.get("q", ""))
    _keep([it.number for it in found])
    return {"items": [vars(it) for it in found]}


@operation(
    "GET",
    "/accounts/{account}",
    "Return an account with all that belongs to it; the look is kept",
    roles=access.READ,
    answer="Account",
)
def get_account(account: str) -> Any:
    found = identity.casepath().reads.account(identity.desk_id(), account, identity.casepath().clock.now())
    _keep([account])
    return {
        **_written(found.facts),
        "owed": number_text(found.owed),
        "credit": number_text(found.credit),
        "records": _written(found.belongings),
    }


@operation(
    "POST",
    "/records",
    "Add accounts and what belongs to them, all or none",
    roles=access.PEOPLE,
    body="NewRecords",
    answer="ImportedRecords",
    status=201,
)
def import_records(body: dict[str, Any]) -> Any:
    common, given, wrong = asking.common(), [], {}
    for place, said in enumerate(body["records"], 1):
        try:
            given.append(record_of(said))
        except InvalidInput as error:
            wrong[f"records.{place}"] = str(error)
    if wrong:
        raise InvalidInput("Expected records of known kinds, but some are none.", wrong)
    count = identity.casepath().records.take_in(common["desk_id"], common["actor"], given, id=common["id"])
    return {"imported": count}


def _keep(accounts: list[str]) -> None:
    identity.casepath().records.looked_at(identity.desk_id(), identity.who().actor, accounts)


def _written(value: Any) -> Any:
    """Values as JSON: numbers that may be money as exact text, dates and moments as ISO 8601."""
    if isinstance(value, Mapping):
        return {str(name): _written(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, Decimal):
        return number_text(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
