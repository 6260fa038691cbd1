"""What is never drawn is never compared: the models of an ordinary run have every element in every position."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from .features import EVERYTHING, features
from .model import Model
from .strategies import THEMES, models

OF_EACH_THEME = 40


def test_every_element_is_drawn() -> None:
    drawn: set[str] = set()
    for theme in THEMES:

        @settings(
            max_examples=OF_EACH_THEME,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(models(theme))
        def draw(model: Model) -> None:
            drawn.update(features(model))

        draw()
    assert sorted(EVERYTHING - drawn) == []
