"""Who asks: found once for each request, from the session's cookie or the API's bearer token.

The cookie holds a random key and nothing else; what it stands for lies in the database, so logging out, or
deactivating a person, ends every session at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from werkzeug.wrappers import Response

from engine.runtime.commands import Actor, ActorKind
from webui.ports import Casepath

SESSION_COOKIE = "casepath_session"
DESK_COOKIE = "casepath_desk"


@dataclass(frozen=True)
class Who:
    """A person at a desk, or a program that acts for one by a token (`token_id`)."""

    desk_id: int
    person_id: UUID
    name: str
    login: str
    roles: frozenset[str]
    queues: frozenset[str]
    token_id: UUID | None = None

    @property
    def actor(self) -> Actor:
        """How this person stands in the trail; a program does it in their name and with their rights, not more."""
        kind: ActorKind = "token" if self.token_id else "person"
        return Actor(kind, str(self.person_id), self.name, self.roles, self.queues)


def casepath() -> Casepath:
    """Return the installation that this application serves."""
    found: Casepath = current_app.extensions["casepath"]
    return found


def who() -> Who:
    """Return who asks; only for views that need a log-in."""
    assert g.who is not None
    found: Who = g.who
    return found


def desk_id() -> int:
    """Return the desk of whoever asks."""
    return who().desk_id


def find(api: bool) -> Who | None:
    """Find out who asks, by token for the API and by session for pages."""
    g.session_token = None
    if api:
        return _by_token(request.headers.get("Authorization", ""))
    token = request.cookies.get(SESSION_COOKIE)
    person = casepath().people.session(token) if token else None
    if person is None:
        return None
    g.session_token = token
    return of_person(person)


def _by_token(header: str) -> Who | None:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    found = casepath().people.bearer(secret.strip())
    return of_person(found[1], found[0].id) if found else None


def of_person(person: Any, token_id: UUID | None = None) -> Who:
    """Return who a stored person is, for this request."""
    return Who(
        person.desk_id,
        person.id,
        person.name,
        person.login,
        frozenset(person.roles),
        frozenset(person.queues),
        token_id,
    )


def remember_desk(response: Response, key: str) -> Response:
    """Let the log-in page offer this desk first the next time; the cookie gives nobody any right."""
    response.set_cookie(
        DESK_COOKIE, key, max_age=31_536_000, httponly=True, samesite="Lax", secure=is_secure()
    )
    return response


def set_session_cookie(response: Response, token: str) -> Response:
    """Hand a session's cookie out; it ends with the session in the database."""
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="Lax", secure=is_secure())
    return response


def is_secure() -> bool:
    """Say whether the installation is reached by HTTPS, as its settings tell."""
    return casepath().settings.base_url.startswith("https:")
