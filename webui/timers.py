"""The moments at which a timer would fire, as the studio's panel shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.catalog.foreseeing import Foreseen, Unforeseen, foreseen
from webui import times

KINDS = ("date", "duration", "cycle")


def told(pack: Any, kind: str, text: str, now: datetime) -> dict[str, Any]:
    """Return `rows`, one for each occasion, or `why` nothing can be said; moments in the zone of the pack."""
    place = times.zone(pack.time_zone)
    try:
        rows = [_row(it, place) for it in foreseen(pack, kind, text, now)]
    except Unforeseen as error:
        return {"rows": [], "why": str(error)}
    return {"rows": rows, "why": None}


def _row(found: Foreseen, place: Any) -> dict[str, Any]:
    armed = found.occasion.moment
    labels = {"now": "Now", "friday": "Friday evening", "holiday": f"Before {found.occasion.holiday}"}
    return {
        "label": labels[found.occasion.kind],
        "armed": times.exact(armed, place),
        "fires": ["at once" if it <= armed else times.exact(it, place) for it in found.fires] or ["never"],
    }
