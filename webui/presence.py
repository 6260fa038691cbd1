"""Skills and availability of people: what a queue that is assigned by load asks for.

A person says on their own page that they are away; whoever leads the desk sees it for everybody and sets it, and
skills too. Moments are typed in the desk's zone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import request

from engine.errors import InvalidInput
from webui import frame, identity, opening, times
from webui.forms import line


def shown(one: Any) -> dict[str, Any]:
    """Return what pages say about a person's skills and availability."""
    now, place = identity.casepath().clock.now(), frame.place()
    away = one.is_away(now)
    until = one.away_until if away else None
    return {
        "away": away,
        "until": times.exact(until, place),
        "typed": until.astimezone(place).strftime("%Y-%m-%dT%H:%M") if until else "",
        "skills": [opening.label("skills", it) for it in one.skills],
        "zone": str(place),
    }


def skills(one: Any) -> list[dict[str, str]]:
    """Return the skills to choose from: those of the pack, and what the person has beside them."""
    offered = opening.skills(one.desk_id)
    known = {it["value"] for it in offered}
    others = [{"value": it, "label": f"{it} (not in the pack)"} for it in one.skills if it not in known]
    return [*offered, *others]


def change(one: Any) -> None:
    """Do what the posted form says: somebody is away, or there again. Raises InvalidInput, Conflict."""
    casepath, by = identity.casepath(), identity.who().actor
    if request.form.get("away") == "yes":
        casepath.people.set_away(one, by, until=judged(_typed(line("until"))))
    else:
        casepath.people.set_back(one, by)


def judged(until: datetime | None) -> datetime | None:
    """Return a moment at which somebody is back, in UTC. Raises InvalidInput for one that is over."""
    now = identity.casepath().clock.now()
    if until is not None and until <= now:
        raise _wrong(f"Expected a moment to come, but it is {times.exact(now, frame.place())} already.")
    return None if until is None else until.astimezone(UTC)


def _typed(text: str) -> datetime | None:
    """Return a moment as a browser's field sends it, or as somebody types it where the browser has no such field."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=frame.place()) if text else None
    except ValueError:
        raise _wrong(f"Expected a day and time such as 2026-12-04T09:30, but found “{text}”.") from None


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput("Expected to know until when.", {"until": sentence})
