"""People of a desk and what lets them in. Each change is one transaction with an event in the desk's chain.

Secrets (cookies, API tokens, one-time links) are random, 256 bits, shown once and kept as SHA-256; passwords are
kept as Argon2id hashes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from engine.clock import Clock, WallClock
from engine.errors import Conflict, Forbidden, InvalidInput, NotFound
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import SYSTEM, Actor
from engine.store import Store
from engine.store.access import ApiToken, Invitation, Session
from engine.store.desk_unit import DeskUnit
from engine.store.people import Person

ROLES = ("agent", "lead", "owner", "auditor", "admin")
SHORTEST_PASSWORD = 10
SESSION_LASTS = timedelta(hours=12)
INVITATION_LASTS = timedelta(days=3)
_SEEN_EVERY = timedelta(minutes=5)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def queues_of_nobody(queues: Iterable[str], people: Iterable[Person]) -> list[str]:
    """Return the queues that nobody active has, by its name or by a role of its name.

    None at a desk without people, which has no first owner yet.
    """
    active = [it for it in people if it.active]
    held = {name for it in active for name in (*it.queues, *it.roles)}
    return [queue for queue in queues if queue not in held] if active else []


@dataclass(frozen=True)
class LoggedIn:
    """A fresh log-in: the secret for the cookie, and who it is."""

    secret: str
    person: Person


class People:
    """Adds and changes people, lets them in and out. Moments come from the wall clock: a session is no process."""

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store = store
        self._clock = clock or WallClock()
        self._hasher = PasswordHasher()
        self._no_password = self._hasher.hash(secrets.token_urlsafe())

    # -- people ---------------------------------------------------------------------------------------------------

    def add(
        self,
        desk_id: int,
        by: Actor,
        *,
        login: str,
        name: str,
        roles: Sequence[str],
        queues: Sequence[str] = (),
        email: str | None = None,
        phone: str | None = None,
        password: str | None = None,
        skills: Sequence[str] = (),
        id: UUID | None = None,
    ) -> tuple[Person, str]:
        """Add a person; return them and their password (made up where none was given).

        `id` makes it happen once. Raises InvalidInput naming each wrong field, or a login that is taken; Conflict
        for an id that was used.
        """
        if id is not None and self._store.people.get(desk_id, id):
            raise Conflict(
                "Expected a new person, but this request was done before; the password was told then."
            )
        password = password or secrets.token_urlsafe(12)
        _check(login=login, name=name, roles=roles, password=password, email=email)
        now = self._clock.now()
        person = Person(
            desk_id, id or Ids(fresh_seed(), now).uuid(), login.strip(), name.strip(), email or None, phone or None,
            self._hasher.hash(password), sorted(set(roles)), sorted(set(queues)), True, now,
            skills=sorted(set(skills)),
        )  # fmt: skip
        with self._store.desk_unit(desk_id) as unit:
            unit.people.add(person)
            self._note(unit, "person_added", by, _facts(person), {"login": person.login, "name": person.name})
        return person, password

    def change(self, person: Person, by: Actor, **changes: Any) -> Person:
        """Save changes (name, email, phone, roles, queues, skills, active, password) of a person as it was read.

        Raises Conflict when somebody else was quicker, Forbidden when the last active admin would be lost.
        """
        password = changes.pop("password", None)
        if password:
            changes["password_hash"] = self._hasher.hash(password)
        changed = replace(person, **changes)
        _check(
            login=changed.login,
            name=changed.name,
            roles=changed.roles,
            password=password or "x" * SHORTEST_PASSWORD,
            email=changed.email,
        )
        with self._store.desk_unit(person.desk_id) as unit:
            self._keep_an_admin(unit, person, changed)
            unit.people.change(changed)
            if not changed.active or password or changed.roles != person.roles:
                unit.sessions.end_all(person.desk_id, person.id)
            self._note(unit, "person_changed", by, _facts(changed), {"name": changed.name})
        return replace(changed, revision=person.revision + 1)

    def set_away(self, person: Person, by: Actor, *, until: datetime | None = None) -> Person:
        """Let somebody be away, until a moment of process time (UTC) or until they come back.

        Who is away gets no task by load; what they hold stays theirs. Raises Conflict when somebody else was quicker.
        """
        return self._present(replace(person, away=True, away_until=until), by, "person_away")

    def set_back(self, person: Person, by: Actor) -> Person:
        """Let somebody be there again. Raises Conflict when somebody else was quicker."""
        return self._present(replace(person, away=False, away_until=None), by, "person_back")

    def _present(self, changed: Person, by: Actor, what: str) -> Person:
        with self._store.desk_unit(changed.desk_id) as unit:
            unit.people.change(changed)
            until = {"until": changed.away_until.isoformat()} if changed.away_until else {}
            self._note(unit, what, by, {"person": str(changed.id)}, until)
        return replace(changed, revision=changed.revision + 1)

    def _keep_an_admin(self, unit: DeskUnit, person: Person, changed: Person) -> None:
        if "admin" not in person.roles or ("admin" in changed.roles and changed.active):
            return
        if all(it.id == person.id for it in unit.people.active_admins(person.desk_id)):
            raise Forbidden(f"Expected another active admin, but {person.name} is the last one.")

    # -- one-time links -------------------------------------------------------------------------------------------

    def invite(self, desk_id: int, by: Actor, roles: Sequence[str]) -> str:
        """Return the secret of a one-time link that makes a person with these roles; good for three days."""
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        with self._store.desk_unit(desk_id) as unit:
            unit.invitations.add(_hash(secret), desk_id, sorted(set(roles)), now + INVITATION_LASTS)
            self._note(unit, "person_invited", by, {"roles": sorted(set(roles))})
        return secret

    def invitation(self, secret: str) -> Invitation:
        """Return what a one-time link offers. Raises NotFound where it is unknown, used or expired."""
        invitation = self._store.invitations.get(_hash(secret))
        if invitation is None or invitation.used_at or invitation.expires_at <= self._clock.now():
            raise NotFound("Expected a link that is still good, but this one is unknown, used or expired.")
        return invitation

    def accept(
        self, secret: str, *, login: str, name: str, password: str, email: str | None = None
    ) -> LoggedIn:
        """Use a one-time link up: make the person and log them in."""
        offered = self.invitation(secret)
        _check(login=login, name=name, roles=offered.roles, password=password, email=email)
        now = self._clock.now()
        person = Person(
            offered.desk_id, Ids(fresh_seed(), now).uuid(), login.strip(), name.strip(), email or None, None,
            self._hasher.hash(password), offered.roles, [], True, now,
        )  # fmt: skip
        with self._store.desk_unit(offered.desk_id) as unit:
            if unit.invitations.use(_hash(secret), now) is None:
                raise NotFound("Expected a link that is still good, but somebody has just used it.")
            unit.people.add(person)
            actor = actor_of(person)
            self._note(
                unit, "person_added", actor, _facts(person), {"login": person.login, "name": person.name}
            )
            return self._begin(unit, person, now)

    # -- log-ins --------------------------------------------------------------------------------------------------

    def log_in(self, desk_id: int, login: str, password: str) -> LoggedIn:
        """Log a person in. Raises Forbidden, with the same sentence and effort whatever was wrong."""
        person = self._store.people.by_login(desk_id, login.strip())
        right = self._matches(person.password_hash if person else None, password)
        if person is None or not right or not person.active:
            raise Forbidden("Expected a login and its password, but they don't belong together.")
        with self._store.desk_unit(desk_id) as unit:
            return self._begin(unit, person, self._clock.now())

    def session(self, secret: str) -> Person | None:
        """Return whose log-in a cookie is, or None where it has ended; being used makes it last longer."""
        now, hashed = self._clock.now(), _hash(secret)
        session = self._store.sessions.get(hashed, now)
        if session is None:
            return None
        if now - session.seen_at >= _SEEN_EVERY:
            self._store.sessions.seen(hashed, now, now + SESSION_LASTS)
        person = self._store.people.get(session.desk_id, session.person_id)
        return person if person and person.active else None

    def log_out(self, secret: str) -> None:
        """End a log-in."""
        self._store.sessions.end(_hash(secret))

    def _begin(self, unit: DeskUnit, person: Person, now: datetime) -> LoggedIn:
        secret = secrets.token_urlsafe(32)
        unit.sessions.add(_hash(secret), Session(person.desk_id, person.id, now, now + SESSION_LASTS, now))
        self._note(unit, "logged_in", actor_of(person), {"person": str(person.id)})
        return LoggedIn(secret, person)

    def _matches(self, hashed: str | None, password: str) -> bool:
        """Compare at the same cost whether there is such a person or not."""
        try:
            return self._hasher.verify(hashed or self._no_password, password) and hashed is not None
        except (Argon2Error, InvalidHashError):
            return False

    # -- tokens ---------------------------------------------------------------------------------------------------

    def create_token(self, desk_id: int, by: Actor, *, login: str, name: str, id: UUID | None = None) -> str:
        """Return a new API token that acts for a person; it is never shown again.

        `id` makes it happen once. Raises NotFound, InvalidInput, and Conflict for an id that was used.
        """
        if id is not None and any(it.id == id for it in self._store.tokens.all(desk_id)):
            raise Conflict(
                "Expected a new token, but this request was done before; the secret was told then."
            )
        person = self._store.people.by_login(desk_id, login)
        if person is None:
            raise NotFound(f"Expected a person with the login {login!r}, but the desk has none.")
        if not name.strip() or len(name) > 200:
            sentence = "Expected a name of at most 200 letters, but it is empty or longer."
            raise InvalidInput("Expected a token that tells what it is for.", {"name": sentence})
        secret, now = f"cp_{secrets.token_urlsafe(32)}", self._clock.now()
        token = ApiToken(desk_id, id or Ids(fresh_seed(), now).uuid(), person.id, name, now, None)
        with self._store.desk_unit(desk_id) as unit:
            unit.tokens.add(token, _hash(secret))
            self._note(
                unit, "token_added", by, {"token": str(token.id), "person": str(person.id)}, {"name": name}
            )
        return secret

    def revoke_token(self, desk_id: int, by: Actor, token_id: UUID) -> None:
        """End a token. Raises NotFound."""
        with self._store.desk_unit(desk_id) as unit:
            if not unit.tokens.revoke(desk_id, token_id, self._clock.now()):
                raise NotFound("Expected a token in use, but there is none with this id.")
            self._note(unit, "token_revoked", by, {"token": str(token_id)})

    def tokens(self, desk_id: int) -> list[ApiToken]:
        """Return every token of a desk, without its secret."""
        return self._store.tokens.all(desk_id)

    def bearer(self, secret: str) -> tuple[ApiToken, Person] | None:
        """Return a token that is in use and for whom it acts, or None."""
        token = self._store.tokens.get(_hash(secret))
        person = self._store.people.get(token.desk_id, token.person_id) if token else None
        return (token, person) if token and person and person.active else None

    def _note(
        self,
        unit: DeskUnit,
        what: str,
        by: Actor,
        facts: dict[str, Any],
        values: dict[str, Any] | None = None,
    ) -> None:
        now = self._clock.now()
        unit.note(what, by, facts, at=now, recorded_at=now, values=values)


def actor_of(person: Person) -> Actor:
    """Return a person as the one who acts."""
    return Actor("person", str(person.id), person.name, frozenset(person.roles), frozenset(person.queues))


def operator() -> Actor:
    """Return who acts when the command line names nobody."""
    return replace(SYSTEM, id="operator", name="Operator", roles=frozenset({"owner", "admin", "lead"}))


def _facts(person: Person) -> dict[str, Any]:
    facts = {
        "person": str(person.id),
        "roles": person.roles,
        "queues": person.queues,
        "active": person.active,
    }
    return {**facts, "skills": person.skills} if person.skills else facts


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _check(*, login: str, name: str, roles: Sequence[str], password: str, email: str | None = None) -> None:
    wrong: dict[str, str] = {}
    if not login.strip() or any(it.isspace() for it in login.strip()) or len(login) > 100:
        wrong["login"] = "Expected a login without spaces, of at most 100 letters, but it is none."
    if not name.strip() or len(name) > 200:
        wrong["name"] = "Expected a name of at most 200 letters, but it is empty or longer."
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        wrong["roles"] = f"Expected roles out of {', '.join(ROLES)}, but got {', '.join(unknown)}."
    if len(password) < SHORTEST_PASSWORD:
        wrong["password"] = f"Expected a password of at least {SHORTEST_PASSWORD} letters, but it is shorter."
    if email and not _ADDRESS.fullmatch(email):
        wrong["email"] = f"Expected a mail address, but got {email!r}."
    if wrong:
        raise InvalidInput("Expected a person that can be kept, but some fields are wrong.", wrong)
