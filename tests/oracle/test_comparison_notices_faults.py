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
from .expressions import Value
from .faults import FAULTS
from .interpreter import Instance
from .model import Model
from .orders import act_on
from .state import Refused
from .strategies import beginnings_of, models
from .triggers import Message, Signal
from .values import beginnings
from .views import Action, View, oracle_view

SMALL = 6
TRIES = 100


class Faulty:
    """Plays a faulty copy of the oracle."""

    def __init__(self, kind: type[Instance], model: Model) -> None:
        self.kind = kind
        self.model = model

    def begin(
        self, variables: Mapping[str, Value], now: datetime, by: Message | Signal | None = None
    ) -> View | None:
        self.instance = self.kind(self.model, variables, now, by)
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


@pytest.mark.parametrize(("theme", "fault"), FAULTS)
def test_the_comparison_notices(theme: str, fault: type[Instance]) -> None:
    @settings(
        max_examples=2000,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(models(theme, SMALL), st.data())
    def compare(model: Model, data: st.DataObject) -> None:
        variables, by = data.draw(beginnings), data.draw(beginnings_of(model))
        play(model, variables, [Faulty(fault, model)], data.draw, by, TRIES)

    with pytest.raises(AssertionError, match="the oracle expects"):
        compare()
