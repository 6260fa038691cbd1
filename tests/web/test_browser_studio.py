"""The studio in a real browser: the owner changes a number, sees findings, deploys, and downloads the file."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def studio(browse, office) -> Page:
    """The modeler with the process in force, ready to be worked."""
    page = browse("olga", "owner", viewport={"width": 1440, "height": 900})
    page.goto("/studio")
    page.get_by_role("link", name="Edit Support ticket").click()
    expect(page.locator("[data-studio]")).to_have_attribute("data-ready", "", timeout=30_000)
    return page


def set_timer(page: Page, element: str, old: str, new: str) -> None:
    """Choose an element in the list, as one does without a mouse, and change its timer in the properties panel."""
    page.locator("[data-studio-elements]").select_option(element)
    value = page.locator('[data-entry-id="timerEventDefinitionValue"]').get_by_role("textbox")
    expect(value).to_have_value(old)
    value.fill(new)
    value.press("Tab")


def test_an_owner_changes_a_reminder_from_48_to_24_hours_and_deploys_it(studio, office) -> None:
    before = office.open_ticket()
    set_timer(studio, "reminder_due", "PT48H", "PT24H")
    expect(studio.get_by_text("Draft kept in this browser")).to_be_visible()
    studio.get_by_role("button", name="Deploy …").click()
    expect(studio.get_by_role("heading", name="Deploy Support ticket, version 2")).to_be_visible()
    row = studio.get_by_role("row", name="PT48H")
    expect(row.get_by_text("PT24H")).to_be_visible()
    expect(studio.get_by_text("1 open ticket keeps its version")).to_be_visible()
    studio.get_by_label("Why").fill("Customers forget")
    studio.get_by_role("button", name="Deploy version 2").click()
    expect(studio.get_by_text("The new version is in force")).to_be_visible()

    after = office.open_ticket("After it")
    versions = [office.casepath.reads.ticket(office.desk.id, number).version for number in (before, after)]
    assert versions == [1, 2]


def test_a_wrong_timer_is_found_on_the_canvas_and_can_not_be_deployed(studio, office) -> None:
    set_timer(studio, "reminder_due", "PT48H", "P1M1M")
    finding = studio.locator("[data-studio-findings] .finding-error", has_text="P1M1M")
    expect(finding.first).to_be_visible()
    expect(studio.locator(".finding-badge.finding-error").first).to_be_visible()
    studio.get_by_role("button", name="Deploy …").click()
    expect(studio.get_by_text("can't be deployed")).to_be_visible()
    expect(studio.get_by_role("button", name="Deploy version 2")).to_have_count(0)
    assert office.casepath.reads.processes(office.desk.id)[0].version == 1


def test_the_file_is_downloaded_as_it_is_drawn(studio) -> None:
    with studio.expect_download() as download:
        studio.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "support_ticket.bpmn"
    assert "PT48H" in download.value.path().read_text()
