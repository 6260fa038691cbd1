"""People of a desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import psycopg

from engine.errors import Conflict, InvalidInput
from engine.store.repository import Repository

_COLUMNS = (
    "desk_id, id, login, name, email, phone, password_hash, roles, queues, active, created_at, revision, skills,"
    " away, away_until"
)


@dataclass(frozen=True)
class Person:
    """Somebody who works at a desk. `password_hash` is None for one who can't log in.

    Who is `away` is so until a moment (UTC), or for good where there is none.
    """

    desk_id: int
    id: UUID
    login: str
    name: str
    email: str | None
    phone: str | None
    password_hash: str | None
    roles: list[str]
    queues: list[str]
    active: bool
    created_at: datetime
    revision: int = 1
    skills: list[str] = field(default_factory=list)
    away: bool = False
    away_until: datetime | None = None

    def is_away(self, now: datetime) -> bool:
        """Say whether a person is away at a moment."""
        return self.away and (self.away_until is None or self.away_until > now)


class People(Repository):
    """The people of all desks; logins are unique within one, whatever their case."""

    def add(self, person: Person) -> None:
        """Add a person. Raises InvalidInput for a login that is taken."""
        values = [getattr(person, name) for name in _COLUMNS.split(", ")]
        marks = ", ".join(["%s"] * len(values))
        try:
            self._run(f"INSERT INTO person ({_COLUMNS}) VALUES ({marks})", *values)
        except psycopg.errors.UniqueViolation as error:
            sentence = f"Expected a login that is free, but {person.login!r} is taken."
            raise InvalidInput(sentence, {"login": sentence}) from error

    def change(self, person: Person) -> None:
        """Save a person as read and changed; its revision goes up. Raises Conflict if somebody was quicker."""
        changed = self._run(
            """UPDATE person SET name = %s, email = %s, phone = %s, password_hash = %s, roles = %s, queues = %s,
                   active = %s, skills = %s, away = %s, away_until = %s, revision = revision + 1
               WHERE desk_id = %s AND id = %s AND revision = %s""",
            person.name, person.email, person.phone, person.password_hash, person.roles, person.queues,
            person.active, person.skills, person.away, person.away_until, person.desk_id, person.id, person.revision,
        )  # fmt: skip
        if not changed:
            raise Conflict(f"Expected {person.name} as you saw them, but somebody has changed them since.")

    def get(self, desk_id: int, person_id: UUID) -> Person | None:
        """Return a person, or None."""
        return self._one(
            Person, f"SELECT {_COLUMNS} FROM person WHERE desk_id = %s AND id = %s", desk_id, person_id
        )

    def by_login(self, desk_id: int, login: str) -> Person | None:
        """Return the person of a login, in any case of letters, or None."""
        sql = f"SELECT {_COLUMNS} FROM person WHERE desk_id = %s AND lower(login) = lower(%s)"
        return self._one(Person, sql, desk_id, login)

    def active_admins(self, desk_id: int) -> list[Person]:
        """Return a desk's active admins, locked, so that two can't take each other away at once."""
        sql = f"""SELECT {_COLUMNS} FROM person WHERE desk_id = %s AND active AND 'admin' = ANY (roles)
                  ORDER BY id FOR NO KEY UPDATE"""
        return self._all(Person, sql, desk_id)

    def all(self, desk_id: int) -> list[Person]:
        """Return everybody of a desk by name, those who are no longer active last."""
        sql = f"SELECT {_COLUMNS} FROM person WHERE desk_id = %s ORDER BY NOT active, lower(name), id"
        return self._all(Person, sql, desk_id)
