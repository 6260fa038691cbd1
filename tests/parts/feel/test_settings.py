"""Settings of a pack in expressions: `setting("name")`, and what a slip gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import Surroundings, compile_expression

AROUND = Surroundings(
    settings={"sla.warn_pct": Decimal(75), "confirm.close_after": "PT72H", "csat.enabled": True}
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('setting("sla.warn_pct") / 100', Decimal("0.75")),
        ('setting(name: "csat.enabled")', True),
        ('string(duration(setting("confirm.close_after")))', "P3D"),
    ],
)
def test_a_setting_has_the_value_that_is_in_force(expression: str, value: object) -> None:
    assert compile_expression(expression).evaluate({}, AROUND) == value


def test_an_unknown_setting_is_null_and_says_which_there_are() -> None:
    found = compile_expression('setting("sla.warn")').evaluate_checked({}, AROUND)
    assert found.value is None
    assert (
        'Expected one of the settings confirm.close_after, csat.enabled, sla.warn_pct but found "sla.warn"'
        in (found.warnings[0])
    )


def test_without_settings_it_says_that_there_are_none() -> None:
    found = compile_expression('setting("x")').evaluate_checked({})
    assert "but none were handed in" in found.warnings[0]


def test_the_names_that_stand_in_an_expression_are_known() -> None:
    expression = compile_expression(
        'if setting("a") then setting(name: "b.c") else setting(if x then "d" else y)'
    )
    assert expression.settings == {"a", "b.c", "d"}
