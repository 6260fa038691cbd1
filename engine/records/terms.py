"""What a contract costs on which day: as it began, and as amendments have changed it since.

An amendment holds from its day on. Of those that have begun by a day, the one made last counts: a later word takes
the place of what was planned for its day or after. One that is taken back counts on no day, as if it had never been
made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from engine.money import rounded, share
from engine.records.book import Book, Row

_DAY = timedelta(days=1)


def amendments_of(book: Book, contract: Row) -> list[Row]:
    """Return the amendments of a contract that stand, in the order in which they were made."""
    return book.all("amendment", contract=contract["number"], status="standing")


def as_on(contract: Row, amendments: Sequence[Row], day: date) -> Row:
    """Return a contract with the package and the price that it has on a day."""
    begun = [it for it in amendments if it["begins_on"] <= day]
    return {**contract, "package": begun[-1]["package"], "price": begun[-1]["price"]} if begun else contract


def all_as_on(contracts: Sequence[Row], amendments: Sequence[Row], day: date) -> list[Row]:
    """Return contracts as they are on a day, by whatever amendments there are, in the order of their making."""
    standing: dict[str, list[Row]] = {}
    for it in amendments:
        if it["status"] == "standing":
            standing.setdefault(it["contract"], []).append(it)
    return [as_on(row, standing.get(row["number"], ()), day) for row in contracts]


def next_after(contract: Row, amendments: Sequence[Row], day: date) -> tuple[date, Row] | None:
    """Return the first day after a day on which something changes, and the contract from then on."""
    now = as_on(contract, amendments, day)
    for begin in sorted({it["begins_on"] for it in amendments if it["begins_on"] > day}):
        then = as_on(contract, amendments, begin)
        if (then["package"], then["price"]) != (now["package"], now["price"]):
            return begin, then
    return None


def cost(contract: Row, amendments: Sequence[Row], first: date, last: date) -> Decimal:
    """Return what a contract costs from a day to another, both included: each day its price's share, rounded once."""
    begins = [first, *sorted({it["begins_on"] for it in amendments if first < it["begins_on"] <= last})]
    ends = [*(begin - _DAY for begin in begins[1:]), last]
    parts = (
        share(as_on(contract, amendments, begin)["price"], begin, end)
        for begin, end in zip(begins, ends, strict=True)
    )
    return rounded(sum(parts, Fraction()), contract["currency"])
