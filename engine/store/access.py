"""What lets somebody in: sessions, API tokens, one-time links. Only hashes of the secrets are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.store.repository import Repository


@dataclass(frozen=True)
class Session:
    """A log-in that lasts until `expires_at`."""

    desk_id: int
    person_id: UUID
    created_at: datetime
    expires_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class ApiToken:
    """A key with which a program acts for a person."""

    desk_id: int
    id: UUID
    person_id: UUID
    name: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Invitation:
    """A one-time link that makes a person with these roles."""

    desk_id: int
    roles: list[str]
    expires_at: datetime
    used_at: datetime | None


class Sessions(Repository):
    """Log-ins, found by the hash of their cookie."""

    def add(self, id_hash: bytes, session: Session) -> None:
        """Keep a new session."""
        sql = """INSERT INTO session (id_hash, desk_id, person_id, created_at, expires_at, seen_at)
                 VALUES (%s, %s, %s, %s, %s, %s)"""
        self._run(
            sql,
            id_hash,
            session.desk_id,
            session.person_id,
            session.created_at,
            session.expires_at,
            session.seen_at,
        )

    def get(self, id_hash: bytes, now: datetime) -> Session | None:
        """Return a session that has not expired at `now`, or None."""
        sql = """SELECT desk_id, person_id, created_at, expires_at, seen_at FROM session
                 WHERE id_hash = %s AND expires_at > %s"""
        return self._one(Session, sql, id_hash, now)

    def seen(self, id_hash: bytes, now: datetime, expires_at: datetime) -> None:
        """Note that a session is in use, and how long it lasts now."""
        self._run(
            "UPDATE session SET seen_at = %s, expires_at = %s WHERE id_hash = %s", now, expires_at, id_hash
        )

    def end(self, id_hash: bytes) -> None:
        """End a session."""
        self._run("DELETE FROM session WHERE id_hash = %s", id_hash)

    def end_all(self, desk_id: int, person_id: UUID) -> None:
        """End every session of a person, as after a change of password or roles."""
        self._run("DELETE FROM session WHERE desk_id = %s AND person_id = %s", desk_id, person_id)

    def sweep(self, now: datetime) -> int:
        """Forget sessions that have expired; return how many."""
        return self._run("DELETE FROM session WHERE expires_at <= %s", now)


_TOKEN = "desk_id, id, person_id, name, created_at, revoked_at"


class Tokens(Repository):
    """API tokens, found by the hash of their secret."""

    def add(self, token: ApiToken, token_hash: bytes) -> None:
        """Keep a new token."""
        sql = """INSERT INTO api_token (desk_id, id, person_id, name, token_hash, created_at)
                 VALUES (%s, %s, %s, %s, %s, %s)"""
        self._run(sql, token.desk_id, token.id, token.person_id, token.name, token_hash, token.created_at)

    def get(self, token_hash: bytes) -> ApiToken | None:
        """Return a token that is not revoked, or None."""
        sql = f"SELECT {_TOKEN} FROM api_token WHERE token_hash = %s AND revoked_at IS NULL"
        return self._one(ApiToken, sql, token_hash)

    def all(self, desk_id: int) -> list[ApiToken]:
        """Return every token of a desk, the newest first."""
        sql = f"SELECT {_TOKEN} FROM api_token WHERE desk_id = %s ORDER BY created_at DESC, id"
        return self._all(ApiToken, sql, desk_id)

    def revoke(self, desk_id: int, token_id: UUID, now: datetime) -> bool:
        """Revoke a token; return whether there was one to revoke."""
        sql = "UPDATE api_token SET revoked_at = %s WHERE desk_id = %s AND id = %s AND revoked_at IS NULL"
        return self._run(sql, now, desk_id, token_id) == 1


class Invitations(Repository):
    """One-time links."""

    def add(self, token_hash: bytes, desk_id: int, roles: list[str], expires_at: datetime) -> None:
        """Keep a new invitation."""
        sql = "INSERT INTO invitation (token_hash, desk_id, roles, expires_at) VALUES (%s, %s, %s, %s)"
        self._run(sql, token_hash, desk_id, roles, expires_at)

    def get(self, token_hash: bytes) -> Invitation | None:
        """Return an invitation, used or not, or None."""
        sql = "SELECT desk_id, roles, expires_at, used_at FROM invitation WHERE token_hash = %s"
        return self._one(Invitation, sql, token_hash)

    def use(self, token_hash: bytes, now: datetime) -> Invitation | None:
        """Use an invitation up and return it; None if it is unknown, expired or used. Two at once: one wins."""
        sql = """UPDATE invitation SET used_at = %s WHERE token_hash = %s AND used_at IS NULL AND expires_at > %s
                 RETURNING desk_id, roles, expires_at, used_at"""
        return self._one(Invitation, sql, now, token_hash, now)
