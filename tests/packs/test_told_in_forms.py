"""What the bundled forms only tell: an empty box that nobody can write into would puzzle everybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.feel import Expression

FORMS = sorted((Path(__file__).parents[2] / "processes").glob("*/forms/*.form"))


@pytest.mark.parametrize("form", FORMS, ids=lambda it: f"{it.parents[1].name}/{it.stem}")
def test_a_field_that_tells_where_there_is_something_to_tell_is_hidden_where_there_is_not(form: Path) -> None:
    """form-js gives a text field without a value the empty text, not null."""
    for field in json.loads(form.read_text())["components"]:
        hide = field.get("conditional", {}).get("hide", "")
        if field.get("readonly") and f"{field['key']} = null" in hide:
            for nothing in (None, ""):
                told = Expression(hide.removeprefix("=")).evaluate({field["key"]: nothing})
                assert told is True, (field["key"], hide)
