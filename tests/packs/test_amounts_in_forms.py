"""A number that becomes an amount should be judged as money, and the check of a pack says where it is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.catalog.check import check_pack
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource, read_pack
from tests.packs.conftest import ROOT
from tests.parts.spiff.drawing import draw, extension, mapping, node


def findings(field: dict[str, Any], by_way_of: str = "typed") -> list[PackFinding]:
    """What the check says of a form with a field `typed`, which is charged by way of another variable."""
    form = {"type": "default", "id": "ask", "components": [{"key": "typed", "label": "Typed", **field}]}
    task = node(
        "user", "ask", extension(f'<zeebe:formDefinition formId="ask" />{mapping({}, {by_way_of: "=typed"})}')
    )
    inputs = {"account": '="A-1"', "amount": f"={by_way_of}", "currency": '="EUR"', "reason": '="x"'}
    charge = node(
        "service", "charge", extension(f'<zeebe:taskDefinition type="invoice.charge" />{mapping(inputs)}')
    )
    diagram = draw(f"start s; {task}; {charge}; end e", "s>ask>charge>e")
    base = read_pack(ROOT / "processes" / "base")
    files = {
        "bpmn/p.bpmn": diagram,
        "forms/ask.form": json.dumps(form).encode(),
        "services.py": base.files["services.py"],
    }
    files["pack.toml"] = b'id = "p"\ntitle = "P"\nprocess = "p"\n'
    return [
        it for it in check_pack(PackSource.from_files(files)) if it.rule in ("amount", "unknown-variable")
    ]


@pytest.mark.parametrize("by_way_of", ["typed", "to_pay"])
def test_a_number_that_is_charged_is_warned_of(by_way_of: str) -> None:
    (found,) = findings({"type": "number"}, by_way_of)
    assert (found.file, found.rule, found.severity, found.element) == (
        "forms/ask.form",
        "amount",
        "warning",
        "typed",
    )
    assert found.message == "Expected “Typed”, which becomes an amount, to be money, but it is any number."


@pytest.mark.parametrize("field", [{"type": "number", "properties": {"money": "EUR"}}, {"type": "textfield"}])
def test_money_and_what_is_no_number_are_not(field: dict[str, Any]) -> None:
    assert findings(field) == []


def test_a_currency_that_nothing_writes_is_warned_of() -> None:
    (found,) = findings({"type": "number", "properties": {"money": "=currencie"}})
    assert (found.rule, found.element) == ("unknown-variable", "typed")
    assert "“Typed” asks for “currencie”" in found.message
