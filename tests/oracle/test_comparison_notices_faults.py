"""A comparison that never fails proves nothing: here the players have a known fault, and it must be noticed.

Each fault is one that engines have had. It is put into a copy of the oracle, which then stands in for the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .comparison import play
from .interpreter import Activity, Frame, Instance, Place, Refused, Wait
from .model import Exclusive, Flow, Message, Model, Node, Parallel, Trigger, Value
from .orders import act_on
from .strategies import BEGIN, beginnings, models
from .views import Action, View, oracle_view


class JoinCountsTokensNotFlows(Instance):
    def _all_are_there(self, node: Parallel, place: Place, flow: Flow) -> bool:
        place.parked[flow.id] += 1
        incoming = [flow.id for flow in place.body.incoming(node.id)]
        complete = sum(place.parked[flow] for flow in incoming) >= len(incoming)
        if complete:
            place.parked.clear()
        return complete


class JoinForgetsExtraTokens(Instance):
    def _all_are_there(self, node: Parallel, place: Place, flow: Flow) -> bool:
        place.parked[flow.id] = 0
        return super()._all_are_there(node, place, flow)


class ExclusiveTakesTheLastTrueFlow(Instance):
    def _chosen(self, node: Exclusive, place: Place) -> Flow:
        true = [
            flow
            for flow in place.body.outgoing(node.id)
            if flow.when and flow.when.evaluate(place.frame.visible())
        ]
        return true[-1] if true else super()._chosen(node, place)


class TerminateSparesMovingTokens(Instance):
    def _clear(self, place: Place) -> None:
        moving = self.moving
        super()._clear(place)
        self.moving = moving


class InterruptionSparesTheInside(Instance):
    def _cancel(self, activity: Activity) -> None:
        inside = list(activity.inner.activities) if activity.inner else []
        super()._cancel(activity)
        activity.place.activities.extend(inside)


class MessageBoundaryCatchesOnce(Instance):
    def _again(self, wait: Wait) -> bool:
        return super()._again(wait) and not isinstance(wait.trigger, Message)


class MissedRoundsFireOneByOne(Instance):
    def _again(self, wait: Wait) -> bool:
        rounds = wait.rounds_done + 1
        goes_on = super()._again(wait)
        wait.rounds_done = rounds
        return goes_on


class TimersCountFromTheStart(Instance):
    def _arm(self, node: Node, trigger: Trigger, activity: Activity) -> None:
        super()._arm(node, trigger, activity)
        activity.waits[-1].armed = BEGIN


class SubProcessesKeepWhatTheyWrite(Instance):
    def _activate(self, node: Node, place: Place) -> Activity:
        activity = super()._activate(node, place)
        activity.frame = _Keeping(activity.frame.outer, activity.frame.names)
        return activity


class _Keeping(Frame):
    def assign(self, name: str, value: Value) -> None:
        self.names[name] = value


class ScopesCloseOverWaitingJoins(Instance):
    def _close_if_empty(self, place: Place) -> None:
        if not place.activities and not any(token.place is place for token in self.moving):
            place.parked.clear()
        super()._close_if_empty(place)


class CallsSeeTheCaller(Instance):
    def _open(self, place: Place) -> None:
        if place.owner and place.frame.outer is None:
            place.frame.outer = place.owner.frame
        super()._open(place)


FAULTS = [
    JoinCountsTokensNotFlows,
    JoinForgetsExtraTokens,
    ExclusiveTakesTheLastTrueFlow,
    TerminateSparesMovingTokens,
    InterruptionSparesTheInside,
    MessageBoundaryCatchesOnce,
    MissedRoundsFireOneByOne,
    TimersCountFromTheStart,
    SubProcessesKeepWhatTheyWrite,
    ScopesCloseOverWaitingJoins,
    CallsSeeTheCaller,
]


class Faulty:
    """Plays a faulty copy of the oracle."""

    def __init__(self, kind: type[Instance], model: Model) -> None:
        self.kind = kind
        self.model = model

    def begin(self, variables: Mapping[str, Value], now: datetime) -> View | None:
        self.instance = self.kind(self.model, variables, now)
        return self._try(self.instance.start)

    def act(self, action: Action) -> View | None:
        return self._try(lambda: act_on(self.instance, action, 0))

    def _try(self, step) -> View | None:
        before = copy.deepcopy(self.instance)
        self.instance.trail = []
        try:
            step()
        except Refused:
            self.instance = before
            return None
        return oracle_view(self.instance)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_comparison_notices(fault: type[Instance]) -> None:
    @settings(
        max_examples=2000,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(models(), beginnings, st.data())
    def compare(model: Model, variables: dict[str, Value], data: st.DataObject) -> None:
        play(model, variables, [Faulty(fault, model)], data.draw)

    with pytest.raises(AssertionError, match="the oracle expects"):
        compare()
