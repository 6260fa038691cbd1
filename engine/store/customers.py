"""Customers: found again by their mail address, else by the digits of their phone number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.runtime.commands import Requester
from engine.store.database import Connection

# DO UPDATE and not DO NOTHING, so that the row is returned (and locked) also when somebody else has just made it.
_BY_EMAIL = """
INSERT INTO customer (desk_id, id, name, email, phone, created_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (desk_id, lower(email)) DO UPDATE SET phone = COALESCE(customer.phone, excluded.phone)
RETURNING id
"""
_BY_PHONE = """
SELECT id FROM customer WHERE desk_id = %s AND phone_digits = %s AND phone_digits <> ''
ORDER BY email IS NULL, created_at, id LIMIT 1
"""
_ADD = """
INSERT INTO customer (desk_id, id, name, phone, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (desk_id, phone_digits) WHERE email IS NULL DO UPDATE SET phone = excluded.phone
RETURNING id
"""


def find_or_create(
    connection: Connection, desk_id: int, requester: Requester, new_id: UUID, now: datetime
) -> UUID:
    """Return the id of the customer that a requester is; `new_id` becomes theirs if they are new.

    Without mail address and phone number nobody can be found again, so that each is a customer of their own.
    """
    if requester.id is not None:
        return requester.id
    if requester.email:
        values = (desk_id, new_id, requester.name, requester.email, requester.phone, now)
        return _id(connection, _BY_EMAIL, values) or new_id
    digits = "".join(filter(str.isascii, filter(str.isdigit, requester.phone or "")))
    known = _id(connection, _BY_PHONE, (desk_id, digits))
    phone = requester.phone if digits else None
    return known or _id(connection, _ADD, (desk_id, new_id, requester.name, phone, now)) or new_id


def _id(connection: Connection, sql: str, values: tuple[object, ...]) -> UUID | None:
    row = connection.execute(sql, values).fetchone()
    return row[0] if row else None
