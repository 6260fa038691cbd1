"""Customers: found while they are on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.errors import NotFound
from engine.reads import search
from engine.store.repository import Repository


@dataclass(frozen=True)
class Customer:
    """A customer with how many tickets they have and their last one."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    created_at: datetime
    tickets: int
    last_number: int | None
    last_subject: str | None
    last_opened_at: datetime | None


_CUSTOMER = """
SELECT c.id, c.name, c.email, c.phone, c.created_at, COALESCE(k.tickets, 0) AS tickets, k.last_number,
    k.last_subject, k.last_opened_at
FROM customer c LEFT JOIN LATERAL (
    SELECT count(*) OVER () AS tickets, number AS last_number, subject AS last_subject, opened_at AS last_opened_at
    FROM ticket WHERE desk_id = c.desk_id AND requester_id = c.id ORDER BY number DESC LIMIT 1
) k ON true
WHERE c.desk_id = %(desk)s
"""
_FOUND = """ AND (c.search @@ lower(%(words)s)::tsquery OR reverse(c.phone_digits) LIKE %(phone)s)
ORDER BY k.last_opened_at DESC NULLS LAST, lower(c.name), c.id LIMIT %(limit)s
"""


class Customers(Repository):
    """Questions about those who ask."""

    def customers(self, desk_id: int, q: str, *, limit: int = 20) -> list[Customer]:
        """Return customers by the beginnings of their names or mail address, or by the end of a phone number."""
        values = {"words": search.words(q), "phone": search.phone_pattern(q), "limit": limit}
        return self._all(Customer, _CUSTOMER + _FOUND, {"desk": desk_id, **values})

    def customer(self, desk_id: int, customer_id: UUID) -> Customer:
        """Return a customer. Raises NotFound."""
        found = self._one(Customer, _CUSTOMER + " AND c.id = %(id)s", {"desk": desk_id, "id": customer_id})
        if found is None:
            raise NotFound(f"Expected customer {customer_id} to exist at this desk, but there is none.")
        return found
