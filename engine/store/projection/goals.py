"""What the clocks of goals mean for their tables, and for the moments at which somebody must look at them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.events import Event
from engine.runtime.instance import Instance
from engine.store.projection.common import row_id
from engine.store.statements import Statement

# Terms that an event doesn't tell hold on: only the start and a new target bring some.
_CLOCK = """
INSERT INTO goal_clock (desk_id, id, instance_id, ticket_number, goal, round, status, target, counted, calendar,
    version, source, rule, used, since, due_at, warn_at, breached_at, met_at)
VALUES (%(desk)s, %(clock)s, %(instance)s, %(ticket)s, %(goal)s, %(round)s, %(status)s, %(target)s, %(counted)s,
    %(calendar)s, %(version)s, %(source)s, %(rule)s, %(used)s, %(now)s, %(due)s, %(warn)s, %(breached)s, %(met)s)
ON CONFLICT (desk_id, id) DO UPDATE SET round = excluded.round, status = excluded.status, used = excluded.used,
    since = excluded.since, due_at = excluded.due_at, warn_at = excluded.warn_at,
    breached_at = excluded.breached_at, met_at = excluded.met_at
"""
_TERMS = """
UPDATE goal_clock SET target = %(target)s, counted = %(counted)s, calendar = %(calendar)s, version = %(version)s,
    source = %(source)s, rule = %(rule)s
WHERE desk_id = %(desk)s AND id = %(clock)s
"""
_LOOKED_AT = """
UPDATE goal_clock SET warn_at = %(warn)s, due_at = %(due)s, breached_at = %(breached)s
WHERE desk_id = %(desk)s AND id = %(clock)s
"""
_CLOSE = """
UPDATE goal_interval SET until = %(now)s, used = %(used)s
WHERE desk_id = %(desk)s AND clock_id = %(clock)s AND until IS NULL
"""
_OPEN = """
INSERT INTO goal_interval (desk_id, clock_id, ticket_number, goal, round, status, reason, since, target, counted,
    calendar, version, source, rule)
SELECT desk_id, id, ticket_number, goal, round, status, %(by)s, since, target, counted, calendar, version, source,
    rule
FROM goal_clock WHERE desk_id = %(desk)s AND id = %(clock)s
"""
_ARM = """
INSERT INTO timer (desk_id, id, instance_id, ticket_number, goal, due_at, state, armed_at, timeline)
VALUES (%(desk)s, %(clock)s, %(instance)s, %(ticket)s, %(goal)s, %(next)s, 'armed', %(now)s, %(timeline)s)
ON CONFLICT (desk_id, id) DO UPDATE SET due_at = excluded.due_at, leased_until = NULL, state = 'armed'
"""
_REST = "UPDATE timer SET state = 'cancelled' WHERE desk_id = %(desk)s AND id = %(clock)s AND state = 'armed'"


def goal_moved(event: Event, instance: Instance) -> Iterator[Statement]:
    """A clock begins, stands still, goes on, gets other terms, or is over: an interval ends, another may begin."""
    facts = _facts(event, instance)
    yield _CLOSE, facts
    yield _CLOCK, facts
    if event.kind in ("goal_started", "goal_retargeted"):
        yield _TERMS, facts
    if facts["status"] in ("running", "paused"):
        yield _OPEN, facts
    yield _ARM if facts["next"] else _REST, facts


def goal_looked_at(event: Event, instance: Instance) -> Iterator[Statement]:
    """A warning or a breach: the interval goes on."""
    facts = _facts(event, instance)
    yield _LOOKED_AT, facts
    yield _ARM if facts["next"] else _REST, facts


def _facts(event: Event, instance: Instance) -> dict[str, object]:
    data = event.data
    return {
        "target": None,
        "counted": None,
        "calendar": "",
        "version": "",
        "source": "",
        "rule": "",
        **data,
        "desk": instance.desk_id,
        "clock": row_id(data["clock"]),
        "instance": instance.id,
        "ticket": instance.ticket_number,
        "timeline": instance.timeline,
        "now": instance.last_event_at,
        "met": instance.last_event_at if event.kind == "goal_met" else None,
    }
