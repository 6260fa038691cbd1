"""The studio: an owner changes a number, sees findings, downloads and deploys."""

from __future__ import annotations

from pathlib import Path

import pytest
from assets_site import DIAGRAM, Site
from lxml import etree
from playwright.sync_api import Locator, Page, expect

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "casepath": "https://casepath.dev/bpmn/1",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
}


@pytest.fixture
def studio(page: Page) -> Page:
    """The studio with its diagram open and checked once."""
    page.goto("/studio/edit")
    page.wait_for_selector("[data-studio][data-ready]")
    return page


def choose(page: Page, text: str) -> None:
    page.get_by_label("Go to an element").select_option(label=text)


def timer_value(page: Page) -> Locator:
    return (
        page.locator('[data-entry-id="timerEventDefinitionValue"]')
        .locator("input, textarea, [contenteditable]")
        .first
    )


def deployed(page: Page, site: Site) -> etree._Element:
    """Press Deploy and read the diagram that was posted."""
    page.get_by_role("button", name="Deploy …").click()
    expect(page.get_by_role("heading", name="Kept /deploy")).to_be_visible()
    [post] = site.posts("/deploy")
    assert post.values("csrf_token") == ["token-1"]
    assert post.values("base_version") == ["3"]
    return etree.fromstring(post.values("bpmn")[0].encode())


def duration(root: etree._Element, id: str) -> str:
    [found] = root.xpath(f"//bpmn:boundaryEvent[@id='{id}']//bpmn:timeDuration", namespaces=NAMES)
    return found.text


def test_48_hours_become_24_in_the_properties_panel(studio: Page, site: Site) -> None:
    studio.locator('.djs-element[data-element-id="reminder_due"]').click()
    timer_value(studio).fill("PT24H")
    timer_value(studio).blur()
    assert duration(deployed(studio, site), "reminder_due") == "PT24H"


def test_a_timer_is_changed_by_keyboard_alone(studio: Page, site: Site) -> None:
    studio.get_by_label("Go to an element").focus()
    studio.keyboard.type("48 h")
    value = timer_value(studio)
    expect(value).to_be_visible()
    studio.keyboard.press("Tab")
    expect(studio.get_by_role("link", name="To its properties")).to_be_focused()
    studio.keyboard.press("Enter")
    for _ in range(12):
        studio.keyboard.press("Tab")
        if value.evaluate("element => element === document.activeElement"):
            break
    studio.keyboard.press("Control+A")
    studio.keyboard.type("PT24H")
    studio.keyboard.press("Tab")
    assert duration(deployed(studio, site), "reminder_due") == "PT24H"


def test_a_timer_that_is_a_feel_expression_is_changed_in_its_editor(studio: Page, site: Site) -> None:
    choose(studio, "72 h without answer · boundary event on Customer confirms")
    value = timer_value(studio)
    value.click()
    studio.keyboard.press("Control+A")
    studio.keyboard.insert_text('duration("PT36H")')
    value.blur()
    assert duration(deployed(studio, site), "close_due") == '=duration("PT36H")'


def test_what_was_not_touched_is_deployed_as_it_was(studio: Page, site: Site) -> None:
    before, after = etree.fromstring(DIAGRAM.encode()), deployed(studio, site)
    assert parts(after, "bpmn:process") == parts(before, "bpmn:process")
    # The modeler writes shapes in the order of drawing, so these are compared one by one.
    assert sorted(parts(after, "bpmndi:*[@bpmnElement]")) == sorted(parts(before, "bpmndi:*[@bpmnElement]"))


def parts(root: etree._Element, what: str) -> list[str]:
    """The canonical text of these elements, without the blanks between tags."""
    found = root.xpath(f"//{what}[not(self::bpmndi:BPMNPlane)]", namespaces=NAMES)
    return [
        etree.canonicalize(etree.tostring(element, with_tail=False).decode(), strip_text=True)
        for element in found
    ]


def test_the_ticket_state_is_chosen_from_those_of_the_pack(studio: Page, site: Site) -> None:
    choose(studio, "Work on it · user task")
    state = studio.get_by_label("Ticket state on entry")
    expect(state).to_have_value("open")
    state.select_option("waiting")
    root = deployed(studio, site)
    [work] = root.xpath("//bpmn:userTask[@id='work']", namespaces=NAMES)
    assert work.get("{https://casepath.dev/bpmn/1}state") == "waiting"


def test_a_message_template_is_typed_where_the_pack_lists_none(studio: Page, site: Site) -> None:
    choose(studio, "Remind the customer · send task")
    template = studio.get_by_label("Message template")
    expect(template).to_have_value("t_reminder")
    template.fill("t_second_reminder")
    template.blur()
    root = deployed(studio, site)
    assert root.xpath("//bpmn:sendTask/@casepath:template", namespaces=NAMES) == ["t_second_reminder"]


def test_findings_stand_on_the_canvas_and_in_a_list_that_leads_to_the_element(
    studio: Page, site: Site
) -> None:
    expect(studio.get_by_text("Findings: 1 warning")).to_be_visible()
    choose(studio, "48 h without answer · boundary event on Customer confirms")
    timer_value(studio).fill("PT0S")
    timer_value(studio).blur()
    expect(studio.get_by_text("Findings: 1 error, 1 warning")).to_be_visible()
    expect(studio.locator(".finding-badge")).to_have_count(2)
    studio.get_by_role("button", name="Warning Expected at most two days").click()
    expect(studio.get_by_label("Go to an element")).to_have_value("close_due")
    assert site.posts("/lint")[-1].headers["Content-Type"] == "application/xml"


def test_the_draft_waits_in_the_browser_until_it_is_deployed_or_discarded(studio: Page) -> None:
    choose(studio, "48 h without answer · boundary event on Customer confirms")
    timer_value(studio).fill("PT24H")
    timer_value(studio).blur()
    expect(studio.get_by_text("Draft kept in this browser, not deployed")).to_be_visible()
    studio.reload()
    expect(studio.get_by_text("Your draft, not deployed")).to_be_visible()
    choose(studio, "48 h without answer · boundary event on Customer confirms")
    expect(timer_value(studio)).to_have_value("PT24H")
    studio.get_by_role("button", name="Discard draft").click()
    expect(studio.get_by_text("As deployed; your draft is set aside until you leave")).to_be_visible()
    choose(studio, "48 h without answer · boundary event on Customer confirms")
    expect(timer_value(studio)).to_have_value("PT48H")
    studio.get_by_role("button", name="Bring draft back").click()
    choose(studio, "48 h without answer · boundary event on Customer confirms")
    expect(timer_value(studio)).to_have_value("PT24H")


def test_the_file_is_downloaded_under_its_own_name(studio: Page, tmp_path: Path) -> None:
    with studio.expect_download() as download:
        studio.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "reminder.bpmn"
    download.value.save_as(tmp_path / "file.bpmn")
    assert duration(etree.parse(tmp_path / "file.bpmn").getroot(), "reminder_due") == "PT48H"


def test_single_letters_on_the_canvas_belong_to_the_modeler(studio: Page) -> None:
    studio.locator('.djs-element[data-element-id="work"]').click()
    studio.keyboard.press("?")
    expect(studio.get_by_role("dialog", name="Keys on this page")).to_be_hidden()


def test_a_timer_that_hangs_on_a_goal_says_which_on_the_canvas(studio: Page) -> None:
    mark = studio.locator(".goal-mark")
    expect(mark).to_have_text(["customer answer"])
    expect(mark).to_have_attribute("title", "Waits for a moment of the goal “customer_answer”")
    studio.locator('.djs-element[data-element-id="reminder_due"]').click()
    goal = studio.get_by_label("Timer follows goal")
    goal.fill("confirmation")
    goal.blur()
    expect(mark).to_have_text(["customer answer", "confirmation"])
