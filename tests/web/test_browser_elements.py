"""The studio with all that runs: drawn, changed in the panel, kept as it was, and refused where nothing runs it."""

from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.web.visits import FIELD_VISIT, FILES, changed, deploy, visits

__all__ = ["visits"]
pytestmark = pytest.mark.browser
BPMN = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
LOOP = (
    '<bpmn:standardLoopCharacteristics loopMaximum="3"><bpmn:loopCondition xsi:type="bpmn:tFormalExpression">'
    "=broken</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
REPAIR = "<bpmn:outgoing>visit_2</bpmn:outgoing>"


def studio(page: Page, process: str) -> Page:
    page.goto(f"/studio/{process}")
    expect(page.locator("[data-studio]")).to_have_attribute("data-ready", "", timeout=30_000)
    return page


def become(page: Page, element: str, what: str) -> None:
    """Choose another kind of element in the modeler's own menu."""
    page.locator("[data-studio-elements]").select_option(element)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup").get_by_text(what, exact=True).click()


def downloaded(page: Page) -> etree._Element:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    return etree.fromstring(Path(download.value.path()).read_bytes())


def test_what_runs_is_offered_and_what_does_not_run_is_refused_with_a_sentence(browse, visits) -> None:
    page = studio(browse("olga", "owner"), "line_check")
    become(page, "alive", "Inclusive gateway")
    expect(page.get_by_text("Draft kept in this browser")).to_be_visible()
    expect(page.locator("[data-studio-count]")).to_have_text("nothing found")
    become(page, "alive", "Complex gateway")
    finding = page.locator("[data-studio-findings] .finding-error", has_text="complex")
    expect(finding.first).to_contain_text("Expected")


def test_a_loop_is_changed_in_the_panel(browse, visits) -> None:
    deploy(visits, changed(FIELD_VISIT, REPAIR, REPAIR + LOOP))
    page = studio(browse("olga", "owner"), "field_visit")
    page.locator("[data-studio-elements]").select_option("repair")
    page.locator('[data-group-id="group-casepath-repetition"] .bio-properties-panel-group-header').click()
    condition = page.get_by_label("Again as long as")
    expect(condition).to_have_value("=broken")
    condition.fill("=worse")
    most = page.get_by_label("At most so many rounds")
    most.fill("many")
    expect(page.get_by_text("Expected a whole number.")).to_be_visible()
    most.fill("7")
    most.press("Tab")
    page.get_by_label("Ask before each round").check()
    (loop,) = downloaded(page).iterfind(".//b:standardLoopCharacteristics", BPMN)
    assert dict(loop.attrib) == {"loopMaximum": "7", "testBefore": "true"}
    assert loop.findtext("b:loopCondition", None, BPMN) == "=worse"


def test_a_diagram_with_events_and_sub_processes_is_written_as_it_was_read(browse, visits) -> None:
    page = studio(browse("olga", "owner"), "field_visit")
    kept, before = downloaded(page), etree.fromstring(FILES[FIELD_VISIT])
    for root in (kept, before):
        etree.strip_tags(root, etree.Comment)
    facts = [
        sorted((it.tag, *sorted(it.attrib.items())) for it in root.iterfind(".//b:process//b:*", BPMN))
        for root in (kept, before)
    ]
    assert facts[0] == facts[1]
