"""Amounts in forms: refused in words, and what was typed still stands there; by page, by script and by REST."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.office import MANIFEST
from tests.parts.spiff.drawing import draw, extension, mapping, node
from tests.web.test_api import Program

MAPPED = mapping({"currency": '="EUR"'}, {"amount": "=amount"})
PAY = node("user", "pay", extension(f'<zeebe:formDefinition formId="pay" />{MAPPED}'))
AMOUNT = {
    "type": "number",
    "id": "f1",
    "key": "amount",
    "label": "Amount",
    "properties": {"money": "=currency"},
    "validate": {"required": True},
}
REFUSED = {
    "-0.01": "Expected an amount of more than 0, but it is -0.01.",
    "1.234": "Expected at most 2 decimals in an amount of EUR, but it is 1.234.",
    "abc": "Expected an amount such as 1234.56, but got “abc”.",
    "1.234,56": "Expected an amount such as 1234.56, but got “1.234,56”.",
    "1e30": "Expected an amount such as 1234.56, but got “1e30”.",
    "1" + "0" * 30: "Expected an amount of at most 1,000,000,000,000, but it is 1E+30.",
}


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """Somebody types an amount."""
    form = {"schemaVersion": 18, "type": "default", "id": "pay", "components": [AMOUNT]}
    diagram = draw(f"start s; {PAY}; end e", "s>pay>e")
    return {"pack.toml": MANIFEST, "bpmn/p.bpmn": diagram, "forms/pay.form": json.dumps(form).encode()}


@pytest.mark.parametrize("typed", REFUSED)
def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(visit, office, typed: str) -> None:
    number = office.open_ticket(process="p")
    visitor, here = visit("ann"), f"/tasks/{office.task(number).id}"
    assert "Amount (EUR)" in visitor.get(here).text
    answer = visitor.post(f"{here}/complete", page=here, field__amount=typed)
    assert answer.status_code == 422
    assert REFUSED[typed] in answer.text and f'value="{typed}"' in answer.text
    assert office.task(number).state == "open"


@pytest.mark.parametrize("typed", REFUSED)
def test_a_program_is_told_the_same_sentence_at_the_field(app, office, typed: str) -> None:
    number = office.open_ticket(process="p")
    agent = Program(app, office, "rob", "agent")
    answer = agent.ask("complete_task", {"fields": {"amount": typed}}, id=office.task(number).id)
    assert answer.status_code == 422
    assert REFUSED[typed] in answer.text
    done = agent.ask("complete_task", {"fields": {"amount": "12.50"}}, id=office.task(number).id)
    assert done.json["state"] == "completed"


@pytest.mark.browser
def test_the_script_neither_changes_what_is_typed_nor_hides_what_the_server_says(browse, office) -> None:
    number = office.open_ticket(process="p")
    page = browse("ann")
    page.goto(f"/tasks/{office.task(number).id}")
    field = page.get_by_label("Amount (EUR)")
    field.fill("1.234,56")
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.locator("[data-form-view]")).to_contain_text(REFUSED["1.234,56"])
    expect(field).to_have_value("1.234,56")
    field.fill("1234.56")
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("The task was completed.")).to_be_visible()
