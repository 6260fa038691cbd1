"""What is never drawn is never compared: the models of an ordinary run have every element in every position."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings

from .features import EVERYTHING, features
from .model import Model
from .strategies import THEMES, models

OF_EACH_THEME = 40
ROUNDS = 6
"""The rarest is drawn some three times a round; that all rounds miss it by chance happens once in 10 million."""


def test_every_element_is_drawn() -> None:
    drawn: set[str] = set()
    for number in range(ROUNDS):
        for theme in THEMES:
            drawn.update(drawn_for(theme, number))
        if drawn >= EVERYTHING:
            break
    assert sorted(EVERYTHING - drawn) == []


def drawn_for(theme: str, number: int) -> set[str]:
    """Return what the models of a theme have, as drawn from this seed."""
    drawn: set[str] = set()

    @seed(number)
    @settings(
        max_examples=OF_EACH_THEME,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(models(theme))
    def draw(model: Model) -> None:
        drawn.update(features(model))

    draw()
    return drawn
