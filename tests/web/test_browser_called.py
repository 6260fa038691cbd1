"""The way into called processes and back in a real browser: by pointer, by key, by address, on a phone, for axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.test_browser_pages import PHONE, contains, serious, settle
from tests.web.visits import (
    FIELD_VISIT,
    LINE_CHECK,
    at_the_door,
    changed,
    checking,
    deploy,
    open_visit,
    visits,
)

__all__ = ["visits"]
pytestmark = pytest.mark.browser


def drawn(page: Page, address: str) -> Page:
    page.goto(address)
    settle(page)
    return page


def element(page: Page, id: str):
    return page.locator(f'.djs-element[data-element-id="{id}"]')


def way(page: Page):
    return page.get_by_role("navigation", name="The way to this diagram")


def test_the_root_is_shown_with_its_path_and_a_token_on_the_call(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{checking(visits)}")
    expect(element(page, "book_car")).to_have_class(contains("path-done"))
    expect(element(page, "to_check")).to_have_class(contains("path-last"))
    expect(element(page, "check_lines")).to_have_class(contains("path-now"))
    expect(way(page)).to_be_hidden()
    expect(page.get_by_role("heading", name="Called from here")).to_be_visible()


def test_a_call_is_opened_by_its_button_on_the_diagram_and_left_by_the_way_back(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{at_the_door(visits)}")
    page.locator('[data-container-id="test_line"]').get_by_role("button", name="Open Line check").click()
    expect(element(page, "measure")).to_have_class(contains("path-now"))
    expect(element(page, "to_measure")).to_have_class(contains("path-last"))
    expect(page.locator("figcaption")).to_have_text("Line check, version 1")
    expect(page).to_have_url(re.compile(r"\?at=visit%2Ftest_line$"))
    here = way(page).get_by_text("“Visit the customer”, “Test the line”")
    expect(here).to_be_focused()
    way(page).get_by_role("link", name="Field visit").click()
    expect(element(page, "repair")).to_have_class(contains("path-done"))
    expect(page).to_have_url(re.compile(r"/audit/\d+$"))
    expect(page.get_by_role("link", name="“Visit the customer”, “Test the line”", exact=True)).to_be_focused()


def test_items_are_told_apart_on_their_diagrams(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{checking(visits)}")
    page.get_by_role("link", name="“Check the lines”, item 2 of 3", exact=True).click()
    expect(element(page, "fine")).to_have_class(contains("path-done"))
    expect(page.get_by_title("The ticket is here")).to_have_count(0)
    page.go_back()
    expect(element(page, "book_car")).to_be_visible()
    page.go_forward()
    expect(element(page, "fine")).to_have_class(contains("path-done"))


def test_by_keys_alone_one_goes_in_and_back(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{checking(visits)}")
    page.keyboard.press("p")
    expect(element(page, "measure")).to_have_class(contains("path-now"))
    expect(way(page).get_by_text("“Check the lines”, item 1 of 3")).to_be_focused()
    page.keyboard.press("?")
    expect(
        page.get_by_role("dialog", name="Keys on this page").get_by_text("Back to where it was called")
    ).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(element(page, "book_car")).to_be_visible()
    expect(page.get_by_role("link", name="“Check the lines”, item 1 of 3", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(way(page).get_by_text("“Check the lines”, item 2 of 3")).to_be_focused()


def test_rows_that_are_scrolled_away_make_the_page_no_longer(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{at_the_door(visits)}")
    below = "document.documentElement.scrollHeight - document.querySelector('main').getBoundingClientRect().bottom"
    assert page.evaluate(below) < 10


def test_a_row_of_a_called_process_lights_the_call_and_once_inside_the_element(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{checking(visits)}")
    row = page.locator("[data-seq]", has_text="completed “Measure the line”")
    row.hover()
    expect(element(page, "check_lines")).to_have_class(contains("lit"))
    page.mouse.move(0, 0)
    page.locator(".timeline-scope", has=row).get_by_role("link").click()
    expect(element(page, "fine")).to_have_class(contains("path-done"))
    row.hover()
    expect(element(page, "measure")).to_have_class(contains("lit"))


def test_the_slider_goes_back_through_a_called_process_too(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{checking(visits)}?at=check_lines%232")
    expect(element(page, "fine")).to_have_class(contains("path-done"))
    slider = page.get_by_label("Step")
    slider.press("ArrowLeft")
    expect(element(page, "fine")).not_to_have_class(contains("path-done"))
    expect(element(page, "measure")).to_have_class(contains("path-now"))
    slider.fill("1")
    expect(element(page, "measure")).not_to_have_class(contains("path-now"))


def test_an_event_sub_process_and_a_handler_are_drawn_where_they_stand(browse, visits) -> None:
    number = at_the_door(visits)
    visits.message(number, "cancelled_by_customer")
    page = drawn(browse("vera"), f"/audit/{number}")
    for id in ("cancel", "undo", "return_car"):
        expect(element(page, id)).to_have_class(contains("path-now"))
    expect(element(page, "visit")).to_have_class(contains("path-cancelled"))
    expect(element(page, "cancel_1")).to_have_class(contains("path-last"))


def test_the_ticket_page_leads_into_the_call_where_the_ticket_is(browse, visits) -> None:
    page = drawn(browse("vera"), f"/tickets/{checking(visits)}")
    page.get_by_role("link", name="Show “Measure the line” on its diagram").first.click()
    expect(element(page, "measure")).to_have_class(contains("path-now"))
    expect(way(page)).to_be_visible()


def test_without_a_script_the_lists_tell_it_all(browse, visits) -> None:
    number = checking(visits)
    page = browse("vera", java_script_enabled=False)
    page.goto(f"/audit/{number}")
    expect(page.locator(".timeline-scope")).to_have_count(4)
    page.get_by_role("link", name="Line check, version 1 in “Check the lines”, item 2 of 3").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="download it as BPMN").click()
    assert download.value.suggested_filename == "line_check.bpmn"
    page.goto(f"/tickets/{number}")
    expect(page.get_by_text("in “Check the lines”, item 1 of 3").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_long_names_in_a_called_process_keep_nobody_out(browse, visits, axe, scheme: str) -> None:
    long = "Measure the resistance, attenuation and noise of Donaudampfschifffahrtsgesellschaftsleitungsverzweigungen"
    files = changed(LINE_CHECK, "Measure the line", long)
    deploy(visits, changed(FIELD_VISIT, "Check the lines", f"{long}, each", files))
    number = checking(visits)
    for shape in ({"viewport": {"width": 1440, "height": 900}}, PHONE):
        page = browse("vera", color_scheme=scheme, **shape)
        for address in (f"/audit/{number}", f"/audit/{number}?at=check_lines%231", f"/tickets/{number}"):
            drawn(page, address)
            assert serious(page, axe) == [], address
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, address


def test_a_ticket_without_calls_shows_no_way_to_them(browse, visits) -> None:
    page = drawn(browse("vera"), f"/audit/{open_visit(visits)}")
    expect(page.get_by_role("heading", name="Called from here")).to_be_hidden()
    expect(way(page)).to_be_hidden()
