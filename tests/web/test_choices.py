"""Choices whose options a variable gives: offered without a script, too, and chosen beforehand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.office import MANIFEST
from tests.parts.spiff.drawing import draw, extension, mapping, node

COLOURS = '=[{value: "r", label: "Red"}, {value: "b", label: "Blue"}]'
MAPPED = mapping({"colours": COLOURS, "shade": '="b"'}, {"shade": "=shade"})
PICK = node("user", "pick", extension(f'<zeebe:formDefinition formId="pick" />{MAPPED}'))
SHADE = {"type": "select", "id": "f1", "key": "shade", "label": "Shade", "validate": {"required": True}}
FORM = {"schemaVersion": 18, "type": "default", "id": "pick"}


@pytest.fixture(
    params=[{"valuesExpression": "=colours"}, {"valuesKey": "colours"}], ids=["expression", "key"]
)
def pack_files(request) -> Mapping[str, bytes]:
    """A shade is picked; blue is proposed."""
    group = {"type": "group", "id": "g1", "label": "Paint", "components": [{**SHADE, **request.param}]}
    form = json.dumps({**FORM, "components": [group]}).encode()
    diagram = draw(f"start s; {PICK}; end e", "s>pick>e")
    return {"pack.toml": MANIFEST, "bpmn/p.bpmn": diagram, "forms/pick.form": form}


def test_a_page_without_a_script_offers_what_the_variable_gives(visit, office) -> None:
    number = office.open_ticket(process="p")
    visitor, here = visit("ann"), f"/tasks/{office.task(number).id}"
    page = visitor.get(here).text
    assert '<option value="r">Red</option>' in page
    assert '<option value="b" selected>Blue</option>' in page
    answer = visitor.post(f"{here}/complete", page=here, field__shade="r")
    assert answer.status_code == 302, answer.text


def test_who_may_only_read_reads_the_words_of_the_choice(visit, office) -> None:
    number = office.open_ticket(process="p")
    page = visit("ada", "auditor").get(f"/tasks/{office.task(number).id}").text
    assert re.search(r"<dt>Shade</dt><dd>\s*Blue\s*</dd>", page)


@pytest.mark.browser
def test_what_is_proposed_stays_chosen_when_the_script_has_drawn_the_form(browse, office) -> None:
    number = office.open_ticket(process="p")
    page = browse("ann")
    page.goto(f"/tasks/{office.task(number).id}")
    expect(page.locator(".fjs-form-field-select")).to_contain_text("Blue")
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("The task was completed.")).to_be_visible()
