"""The studio of a desk whose pack is built on others: what is inherited is said, what is edited becomes its own."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.catalog.pack import read_pack
from tests.packs.family import asking, write_family

HERE = "/studio/enquiry"


@pytest.fixture
def pack_files(tmp_path: Path) -> Mapping[str, bytes]:
    """A desk's pack that has neither diagram nor form of its own."""
    return read_pack(write_family(tmp_path)).files


def test_the_studio_says_whose_diagram_it_is(visit) -> None:
    page = visit("olga", "owner").get("/studio").text
    assert "inherited from <code>base</code>" in page


def test_the_page_before_a_deployment_lists_what_is_inherited(visit) -> None:
    edited = asking("ask", "check").decode()
    page = visit("olga", "owner").post(f"{HERE}/deploy", page=HERE, bpmn=edited, base_version="1").text
    assert "This diagram is inherited from base." in page
    assert "base: 2 files" in page and "<code>bpmn/enquiry.bpmn</code>" in page
    assert "core: 2 files" in page and "<code>forms/ask.form</code>" in page


def test_a_finding_says_in_which_file_it_lies(visit) -> None:
    wrong = asking("ask", "check").decode().replace('formId="ask"', 'formId="nowhere"')
    page = visit("olga", "owner").post(f"{HERE}/deploy", page=HERE, bpmn=wrong, base_version="1").text
    assert "Expected a form named “nowhere”" in page
    assert re.search(r"<td><code>bpmn/\w+\.bpmn</code>", page)


def test_what_is_wrong_with_the_diagram_itself_is_said_of_this_diagram(visit) -> None:
    page = visit("olga", "owner").post(f"{HERE}/deploy", page=HERE, bpmn="<a/>", base_version="1").text
    assert "<td>This diagram<" in page


def test_an_edited_diagram_is_the_desks_own_from_then_on(visit, office) -> None:
    owner = visit("olga", "owner")
    edited = asking("ask", "check").decode()
    assert (
        owner.post(f"{HERE}/deploy/confirm", page=HERE, bpmn=edited, base_version="1").location == "/studio"
    )
    assert "inherited from" not in owner.get("/studio").text
    assert owner.get(f"{HERE}/2.bpmn").text == edited
    again = owner.post(f"{HERE}/deploy", page=HERE, bpmn=edited, base_version="2").text
    assert "This diagram is inherited" not in again
    assert "base: 1 file<" in again
