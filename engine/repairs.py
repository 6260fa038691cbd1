"""From an incident that somebody looks at to the command that repairs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.engine import Outcome
from engine.errors import Refused
from engine.reads import Incident
from engine.runtime.commands import CancelTicket, Command, MoveToken, RetryIncident, SkipIncident
from engine.runtime.events import Event

# Of these the process has gone on, or can't be loaded: no token stands at what they are about.
_WITHOUT_A_TOKEN = frozenset({"mail", "message", "signal", "text", "state"})


def retry(incident: Incident, variables: Mapping[str, Any], **common: Any) -> Command:
    """Return the command that tries again what an incident stopped, after writing variables."""
    return RetryIncident(**common, incident_id=incident.id, variables=variables)


def skip(incident: Incident, reason: str, **common: Any) -> Command:
    """Return the command that counts as done what an incident stopped."""
    return SkipIncident(**common, incident_id=incident.id, reason=reason)


def move(incident: Incident, target: str, reason: str, **common: Any) -> Command:
    """Return the command that moves an incident's token to another element. Raises Refused where it has none."""
    if not may_move(incident):
        raise Refused(
            f"Expected an incident at which a token stands, but this one is about a {incident.kind}."
        )
    return MoveToken(
        **common,
        ticket=incident.ticket_number,
        element=incident.element or "",
        target=target,
        reason=reason,
        wait_id=None if incident.kind == "stuck" else incident.subject_id,
        scope=incident.scope,
    )


def cancel(incident: Incident, reason: str, **common: Any) -> Command:
    """Return the command that ends an incident's ticket."""
    return CancelTicket(**common, ticket=incident.ticket_number, reason=reason)


def stands_again(outcome: Outcome) -> Event | None:
    """Return the event of the incident at which the ticket stands again after a repair, there or elsewhere."""
    return next((it for it in outcome.events if it.kind == "incident_opened"), None)


def may_move(incident: Incident) -> bool:
    """Whether a token stands at what an incident is about."""
    return incident.element is not None and incident.kind not in _WITHOUT_A_TOKEN


def may_retry(incident: Incident) -> bool:
    """Whether there is something to try again."""
    return incident.kind not in ("stuck", "lost", "text")


def may_change(incident: Incident) -> bool:
    """Whether it can be tried again with changed variables."""
    return incident.kind in ("element", "service")


def may_skip(incident: Incident) -> bool:
    """Whether what it is about can be left undone."""
    return incident.kind not in ("stuck", "lost", "timer", "overdue", "state")
