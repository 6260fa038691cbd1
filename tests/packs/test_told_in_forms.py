"""What the bundled forms only tell: an empty box that nobody can write into would puzzle everybody."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.feel import Expression

PROCESSES = Path(__file__).parents[2] / "processes"
FORMS = sorted(PROCESSES.glob("*/forms/*.form"))


@pytest.mark.parametrize("form", FORMS, ids=lambda it: f"{it.parents[1].name}/{it.stem}")
def test_a_field_that_tells_where_there_is_something_to_tell_is_hidden_where_there_is_not(form: Path) -> None:
    """form-js gives a text field without a value the empty text, not null."""
    for field in json.loads(form.read_text())["components"]:
        hide = field.get("conditional", {}).get("hide", "")
        if field.get("readonly") and f"{field['key']} = null" in hide:
            for nothing in (None, ""):
                told = Expression(hide.removeprefix("=")).evaluate({field["key"]: nothing})
                assert told is True, (field["key"], hide)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("out_of_stock", "No unit of the model router_x is free at the moment."),
        ("model_unknown", "We keep no units of a model called router_x."),
        ("account_unknown", "Expected an account, but there is none."),
    ],
)
def test_why_no_unit_could_be_reserved_is_told_in_words_for_people(code: str, told: str) -> None:
    diagram = PROCESSES / "base" / "bpmn" / "equipment_replacement.bpmn"
    (event,) = ElementTree.parse(diagram).iterfind(".//*[@id='not_in_stock']")
    (output,) = event.iterfind(".//*[@target='stock_problem']")
    error = {"code": code, "message": "Expected an account, but there is none."}
    assert Expression(output.attrib["source"]).evaluate({"error": error, "model": "router_x"}) == told
