"""What the page frame shows on every page: navigation, desk, person, theme, and the engine's moment."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for

from webui import access, csrf, identity, notices, opening, times
from webui.markdown import markdown
from webui.saying import LABELLED

_UNDER = {"tasks": "inbox", "callers": "tickets"}
_NAVIGATION = (
    ("Inbox", "inbox.inbox", "i", access.WORK),
    ("Tickets", "tickets.tickets", "t", access.READ),
    ("Records", "records.search", "r", access.READ),
    ("Audit", "audit.search", "a", access.AUDIT),
    ("Studio", "studio.processes", "s", access.DESIGN),
    ("Settings", "tuning.settings", "g", access.READ),
    ("Mail", "mails.mails", "m", access.AUDIT),
    ("Incidents", "incidents.incidents", "x", access.LEAD + access.DESIGN),
    ("People", "people.people", "p", access.TEAM),
)


def install(app: Flask) -> None:
    """Give every template the values that `base.html` names."""
    app.context_processor(_values)
    app.add_template_filter(markdown)
    for name, kind in LABELLED.items():
        app.add_template_filter(partial(opening.label, kind), name)


def _values() -> dict[str, Any]:
    who = g.get("who")
    values: dict[str, Any] = {
        "asset": _asset,
        "csrf_token": csrf.token,
        "get_flashed_messages": notices.pending,
        "theme": request.cookies.get("casepath_theme", "system"),
        "now": identity.casepath().clock.now().isoformat(),
        "nav": [],
        "person": None,
    }
    if who:
        values |= {"nav": _navigation(who), "person": _person(who), "logout_href": url_for("auth.logout")}
        values["desk_title"] = desk(who.desk_id).title
    return values


def desk(desk_id: int) -> Any:
    """Return the desk of this request, asked for once."""
    known = g.setdefault("desks", {})
    if desk_id not in known:
        known[desk_id] = identity.casepath().reads.desk(desk_id)
    return known[desk_id]


def place() -> Any:
    """Return the time zone in which this request's desk reads its clocks."""
    who = g.get("who")
    return times.zone(desk(who.desk_id).time_zone if who else g.get("desk_zone"))


def _navigation(who: identity.Who) -> list[dict[str, Any]]:
    here = (request.endpoint or "").partition(".")[0]
    here = _UNDER.get(here, here)
    return [
        {
            "label": label,
            "href": url_for(endpoint),
            "key": key,
            "active": endpoint.partition(".")[0] == here,
            "count": None,
        }
        for label, endpoint, key, roles in _NAVIGATION
        if access.may(who.roles, roles)
    ]


def _person(who: identity.Who) -> dict[str, Any]:
    return {
        "name": who.name,
        "href": url_for("account.account"),
        "roles": [role for role in access.ROLES if role in who.roles],
    }


def _asset(name: str) -> str:
    manifest = Path(str(current_app.static_folder)) / "manifest.json"
    names = _names(manifest, manifest.stat().st_mtime_ns) if manifest.is_file() else {}
    return url_for("static", filename=names.get(name, name))


@lru_cache(maxsize=1)
def _names(manifest: Path, written: int) -> dict[str, str]:
    """Plain names of built files to the names they got; read again when the bundle was built anew."""
    found: dict[str, str] = json.loads(manifest.read_text())
    return found
