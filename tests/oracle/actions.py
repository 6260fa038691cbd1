"""Draws what happens next to an instance: people, messages, signals and time, mistakes and repairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from .interpreter import Instance
from .model import (
    Activity,
    Boundary,
    EventBased,
    EventSub,
    Inclusive,
    Node,
    Parallel,
    ServiceTask,
    Start,
    Undo,
)
from .state import Place, Stay, Wait
from .values import writes
from .views import NOTHING, Action, Label, labelled

PAUSES = [timedelta(0), *(timedelta(minutes=minutes) for minutes in (30, 60, 120, 420, 420))]


def next_action(draw: Callable[..., Any], oracle: Instance, now: datetime) -> Action | None:
    """Draw the next step, None if there is none: time passes, then timers that are due fire in order, or else."""
    if draw(st.sampled_from([False] * 30 + [True])):
        return Action("cancel", NOTHING, now)
    found = labelled(oracle)
    labels = sorted((label for label in found if label[0] != "condition"), key=repr)
    now += draw(st.sampled_from(PAUSES))
    timers = sorted((label for label in labels if label[0] == "timer"), key=lambda label: label[-1])
    others = [label for label in labels if label[0] != "timer"]
    if timers and (timers[0][-1] <= now or not others):
        return upon(draw, found, timers[0], max(now, timers[0][-1]))
    return upon(draw, found, draw(st.sampled_from(others)), now) if others else None


def upon(
    draw: Callable[..., Any], found: dict[Label, list[Stay | Wait]], label: Label, now: datetime
) -> Action:
    """Draw what is done about one wait."""
    target = found[label][0]
    stay = target if isinstance(target, Stay) else target.owner
    kinds = kinds_of_action(label, stay)
    if isinstance(target, Wait) and not target.is_own:
        kinds = [kind for kind in kinds if kind in ("go", "signal")]
    kind = draw(st.sampled_from(kinds))
    if kind == "move":
        goals = goals_of(stay.place)
        if goals:
            return Action(kind, label, now, name=draw(st.sampled_from(goals)))
        kind = kinds[0]
    values = draw(writes) if kind not in ("skip",) and label[0] != "timer" else {}
    if kind == "signal":
        return Action(kind, NOTHING, now, values, label[-1])
    return Action(kind, label, now, values, draw(st.sampled_from(["E1", "E2"])) if kind == "error" else "")


def kinds_of_action(label: Label, stay: Stay | Place) -> list[str]:
    """Return what may be done about a wait, the usual more often."""
    if label[0] == "failure":
        kinds = ["retry"] * 6 + ["skip"] * 2
    elif label[0] == "signal":
        kinds = ["go"] * 4 + ["signal"] * 8
    elif label[0] == "task" and isinstance(stay, Stay) and isinstance(stay.node, ServiceTask):
        kinds = ["go"] * 12 + ["error"] * 6 + ["skip"]
    else:
        kinds = ["go"] * 20 + ["skip"] * (label[0] == "task")
    movable = isinstance(stay, Stay) and stay.parent is None
    return [*kinds, "move"] if movable else kinds


def goals_of(place: Place) -> list[str]:
    """Return the nodes before which a token may be put: with a way in, but no join that asks over which."""
    after_event_gateways = {
        flow.target for flow in place.body.flows if isinstance(place.body.node(flow.source), EventBased)
    }
    return [
        node.id
        for node in place.body.nodes
        if not isinstance(node, Start | Boundary | Undo | EventSub)
        and node.id not in after_event_gateways
        and not is_handler(node)
        and not (isinstance(node, Parallel | Inclusive) and len(place.body.incoming(node.id)) > 1)
        and place.body.incoming(node.id)
    ]


def is_handler(node: Node) -> bool:
    return isinstance(node, Activity) and node.handler
