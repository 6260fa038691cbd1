"""What a step may ask of its world, as far as the trail tells of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from engine.catalog.pack import read_pack
from engine.ids import Ids
from engine.runtime.commands import Actor, CompleteTask, OpenTicket, Requester
from engine.runtime.take import start, take
from engine.worlds import build_world

DESK = Path(__file__).resolve().parents[3] / "processes" / "generic_desk"
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEAD = Actor("person", "01890000-0000-7000-8000-000000000001", "Lea", roles=frozenset({"lead"}))


def test_a_decision_stands_in_the_trail_with_the_rules_that_matched() -> None:
    world = build_world(UUID(int=1), {"support_ticket": 1}, read_pack(DESK))
    ids = Ids(b"seed of this test", MORNING)
    opening = OpenTicket(
        id=UUID(int=2), desk_id=1, actor=LEAD, process="support_ticket", channel="phone", subject="Export",
        description="", requester=Requester("Ann", "ann@example.com"), number=1,
    )  # fmt: skip
    opened = start(opening, MORNING, world, ids)
    task = next(event.data["task"] for event in opened.events if event.kind == "task_opened")
    triage = {"category": "bug_report", "impact": "high", "urgency": "high", "sla_tier": "standard"}
    command = CompleteTask(id=UUID(int=3), desk_id=1, actor=LEAD, task_id=UUID(task), fields=triage)
    done = take(opened.instance, command, MORNING, world, ids)
    decided = {
        event.data["decision"]: event.data["rules"] for event in done.events if event.kind == "decided"
    }
    assert set(decided) == {"priority", "assignment"}
    assert all(rules and all(rules.values()) for rules in decided.values())
