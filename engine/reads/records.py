"""Records: an account found by whatever its customer says, and all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from psycopg.rows import dict_row

from engine.errors import NotFound
from engine.feel.numbers import canonical
from engine.records import KINDS, Row
from engine.records.terms import all_as_on
from engine.store.records import read_row
from engine.store.repository import Repository

MOST_ROWS = 200
_BELONGING = tuple(kind for kind in KINDS.values() if "account" in kind.names)
_SEARCH = """
SELECT number, name, email, phone, status FROM account
WHERE desk_id = %(desk)s AND (
    upper(number) = upper(%(q)s)
    OR lower(email) = lower(%(q)s)
    OR lower(name) LIKE lower(%(beginning)s)
    OR (%(digits)s <> '' AND regexp_replace(phone, '[^0-9]', '', 'g') = %(digits)s)
    OR number IN (SELECT account FROM equipment WHERE desk_id = %(desk)s AND serial = %(q)s)
    OR number IN (SELECT account FROM invoice WHERE desk_id = %(desk)s AND number = %(q)s)
    OR number IN (SELECT account FROM payment WHERE desk_id = %(desk)s AND (number = %(q)s OR reference = %(q)s))
)
ORDER BY lower(name), number LIMIT %(limit)s
"""
_TODAY = "SELECT (%s AT TIME ZONE time_zone)::date FROM desk WHERE id = %s"
_OPERATIONS = """
SELECT operation, done_at, ticket_number FROM record_operation
WHERE desk_id = %s AND account = %s ORDER BY place DESC LIMIT %s
"""


@dataclass(frozen=True)
class FoundAccount:
    """An account in a list of those found."""

    number: str
    name: str
    email: str | None
    phone: str | None
    status: str


@dataclass(frozen=True)
class DoneOnAccount:
    """An operation that a process did on something of an account, and for which ticket."""

    operation: str
    done_at: datetime
    ticket_number: int | None


@dataclass(frozen=True)
class Account:
    """An account, what belongs to it by the words for many (the newest first), and what was done on that.

    Of each kind the newest 200 are here, contracts with the package and price that they have on the day. `credit` and
    `owed` are sums over all, in the account's currency. `models` says how people call the models of units.
    """

    facts: Row
    belongings: Mapping[str, list[Row]]
    operations: list[DoneOnAccount]
    credit: Decimal
    owed: Decimal
    models: Mapping[str, str]


class Records(Repository):
    """Questions about accounts and what belongs to them."""

    def accounts(self, desk_id: int, q: str, *, limit: int = 50) -> list[FoundAccount]:
        """Return accounts by number, mail address, phone number, the beginning of the name, or something of theirs.

        That something is a serial number, the number of an invoice or payment, or a payment's reference.
        """
        q = q.strip()
        beginning = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        digits = "".join(it for it in q if it in "0123456789") if not any(map(str.isalpha, q)) else ""
        values = {"desk": desk_id, "q": q, "beginning": beginning, "digits": digits, "limit": limit}
        return self._all(FoundAccount, _SEARCH, values) if q else []

    def account(self, desk_id: int, number: str, at: datetime) -> Account:
        """Return an account with all that belongs to it, as it is at a moment. Raises NotFound."""
        facts = self._rows("account", "number", desk_id, number)
        if not facts:
            raise NotFound(f"Expected account {number} to exist at this desk, but there is none.")
        belongings = {kind.plural: self._rows(kind.name, "account", desk_id, number) for kind in _BELONGING}
        today = self._value(_TODAY, at, desk_id)
        made = belongings["amendments"][::-1]
        return Account(
            facts[0],
            {**belongings, "contracts": all_as_on(belongings["contracts"], made, today)},
            self._all(DoneOnAccount, _OPERATIONS, desk_id, number, MOST_ROWS),
            self._sum("sum(amount)", "credit", "granted", desk_id, number),
            self._sum("sum(amount - paid)", "invoice", "open", desk_id, number),
            self._models(desk_id),
        )

    def _rows(self, kind: str, column: str, desk_id: int, number: str) -> list[Row]:
        sql = f"""SELECT {", ".join(KINDS[kind].names)} FROM {kind} WHERE desk_id = %s AND {column} = %s
                  ORDER BY place DESC LIMIT {MOST_ROWS}"""
        with self._lend() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return [read_row(row) for row in cursor.execute(sql, (desk_id, number))]

    def _models(self, desk_id: int) -> dict[str, str]:
        sql = "SELECT model, title FROM stock WHERE desk_id = %s AND title IS NOT NULL"
        with self._lend() as connection:
            return dict(connection.execute(sql, (desk_id,)).fetchall())

    def _sum(self, what: str, kind: str, status: str, desk_id: int, number: str) -> Decimal:
        sql = f"SELECT {what} FROM {kind} WHERE desk_id = %s AND account = %s AND status = %s"
        return canonical(self._value(sql, desk_id, number, status) or Decimal(0))
