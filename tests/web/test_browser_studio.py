"""The studio in a real browser: the owner changes a number, sees findings, deploys, and downloads the file."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.people import operator

pytestmark = pytest.mark.browser
BPMN = "bpmn/support_ticket.bpmn"


@pytest.fixture
def pack_files(pack_files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The pack with the reminder to confirm as a plain number in the diagram."""
    diagram = pack_files[BPMN].replace(b"=confirmation.remind_after", b"PT48H")
    return {**pack_files, BPMN: diagram}


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
    assert office.version() == 1


def test_the_file_is_downloaded_as_it_is_drawn(studio) -> None:
    with studio.expect_download() as download:
        studio.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "support_ticket.bpmn"
    assert "PT48H" in download.value.path().read_text()


CALENDARS = b'[office]\nmon_fri = ["09:00-17:00"]\nholidays = { country = "DE" }\n'


@pytest.fixture
def with_calendars(office) -> None:
    """The desk's pack with working hours."""
    files = office.casepath.deployments.files(office.desk.id, "support_ticket")
    calendars = files["calendars.toml"] + CALENDARS
    office.casepath.deployments.deploy(office.desk.id, files | {"calendars.toml": calendars}, operator())


def moments(page: Page) -> Locator:
    return page.get_by_role("status").filter(has=page.locator("dl"))


def test_the_panel_tells_when_a_timer_would_fire(with_calendars, studio) -> None:
    studio.locator("[data-studio-elements]").select_option("reminder_due")
    expect(moments(studio).locator("dd")).to_have_text(
        ["Wed 25 Nov 2026, 12:00 UTC", "Sun 29 Nov 2026, 19:30 UTC", "Sat 26 Dec 2026, 19:30 UTC"]
    )
    expect(moments(studio).locator("dt").last).to_have_text(
        "Before Christmas Day reached Thu 24 Dec 2026, 19:30 UTC"
    )


def test_the_moments_follow_what_is_typed_by_the_calendars_of_the_pack(with_calendars, studio) -> None:
    set_timer(
        studio, "reminder_due", "PT48H", '=working time between("office", now(), now() + duration("P1D"))'
    )
    expect(moments(studio).locator("dd").first).to_have_text("Mon 23 Nov 2026, 20:00 UTC")


def test_a_timer_that_depends_on_the_ticket_says_so_in_a_sentence(studio) -> None:
    set_timer(studio, "reminder_due", "PT48H", '=if vip then duration(patience) else duration("PT48H")')
    expect(studio.get_by_text("It depends on what the ticket holds by then: patience, vip.")).to_be_visible()
    expect(moments(studio)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_moments_keep_nobody_out(browse, with_calendars, axe, scheme: str) -> None:
    page = browse("olga", "owner", viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page.goto("/studio/support_ticket")
    expect(page.locator("[data-studio]")).to_have_attribute("data-ready", "", timeout=30_000)
    page.locator("[data-studio-elements]").select_option("reminder_due")
    expect(moments(page).locator("dd")).to_have_count(3)
    page.evaluate(axe)
    found = page.evaluate("axe.run({ include: [['.timer-moments']] })")
    assert [it["id"] for it in found["violations"]] == []
