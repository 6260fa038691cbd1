"""Who may open which page: declared beside each route, judged before each view.

Nothing is open by accident. A route without a declaration can't be served (`check_declared` runs when the
application is built), and what a declaration leaves out is refused before the view is entered. Roles are those of
a desk; a person's desk comes from the log-in, so an address never names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])

ROLES: dict[str, str] = {
    "agent": "Works the inbox: claims and completes tasks, answers customers, opens tickets for callers.",
    "lead": "As an agent; also assigns tasks to others, knows who can what and is there, cancels tickets and looks"
    " after incidents.",
    "owner": "Edits and deploys processes, and reads every ticket.",
    "auditor": "Reads tickets, trails and diagrams, verifies and exports them; changes nothing.",
    "admin": "Adds people, gives them roles and queues, and takes them away.",
}

WORK = ("agent", "lead")
LEAD = ("lead",)
READ = ("agent", "lead", "owner", "auditor")
DESIGN = ("owner",)
DIAGRAMS = ("agent", "lead", "owner", "auditor")
AUDIT = ("auditor", "owner", "lead")
PEOPLE = ("admin", "owner")
TEAM = (*PEOPLE, *LEAD)
EVERYONE = tuple(ROLES)


def only(*roles: str) -> Callable[[View], View]:
    """Declare which roles may enter a view; one of them is enough."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"Expected roles of {', '.join(ROLES)}, but got {sorted(unknown) or 'none'}.")
    return _declare(frozenset(roles))


def public(view: View) -> View:
    """Declare that a view needs no log-in (it may still look who is there)."""
    return _declare(frozenset())(view)


def _declare(roles: frozenset[str]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.open_to = roles  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Return the declared roles of an endpoint: empty for a public one, None where nothing is declared."""
    if endpoint == "static":
        return frozenset()
    return getattr(app.view_functions[endpoint], "open_to", None)


def undeclared(app: Flask) -> list[str]:
    """Return the endpoints that nobody declared, in the order of their addresses."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [rule.endpoint for rule in rules if roles_of(app, rule.endpoint) is None]


def check_declared(app: Flask) -> None:
    """Refuse an application that has a route without a declaration."""
    missing = undeclared(app)
    if missing:
        raise ValueError(
            f"Expected every route to declare its roles, but these do not: {', '.join(missing)}."
        )


def may(roles: Iterable[str], allowed: Iterable[str]) -> bool:
    """Say whether one of a person's roles is among the allowed ones."""
    return bool(set(roles) & set(allowed))
