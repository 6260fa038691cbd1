"""A ticket's path on its diagram, beside the timeline."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect


@pytest.fixture
def audit(page: Page) -> Page:
    """The audit page once its diagram is drawn."""
    page.goto("/audit")
    page.wait_for_selector("[data-trace][data-ready]", state="attached")
    return page


def element(page: Page, id: str) -> Locator:
    return page.locator(f'.djs-element[data-element-id="{id}"]')


def marked(page: Page, marker: str) -> set[str]:
    return set(
        page.eval_on_selector_all(f".djs-element.{marker}", "all => all.map(e => e.dataset.elementId)")
    )


def test_the_diagram_shows_what_was_visited_how_often_and_where_the_ticket_is(audit: Page) -> None:
    assert marked(audit, "path-done") == {"start", "work", "solved"}
    assert marked(audit, "path-flow") == {"to_work", "to_solved", "again", "to_confirm"}
    assert marked(audit, "path-last") == {"to_confirm"}
    assert marked(audit, "path-now") == {"confirm"}
    expect(audit.get_by_title("Visited 2 times")).to_have_text(["2×", "2×"])
    expect(audit.get_by_title("The ticket is here")).to_have_count(1)


def test_a_row_under_the_pointer_lights_its_element(audit: Page) -> None:
    audit.locator("[data-seq='1']").hover()
    assert marked(audit, "lit") == {"start"}
    audit.locator("[data-seq='4']").hover()
    assert marked(audit, "lit") == {"to_solved", "solved"}


def test_an_element_under_the_pointer_lights_its_rows(audit: Page) -> None:
    element(audit, "work").hover()
    lit = audit.eval_on_selector_all("[data-seq].lit", "all => all.map(e => e.dataset.seq)")
    assert lit == ["2", "3", "5", "6"]


def test_the_slider_goes_back_through_time_by_keys(audit: Page) -> None:
    step = audit.get_by_label("Step")
    step.press("ArrowLeft")
    step.press("ArrowLeft")
    step.press("ArrowLeft")
    expect(step).to_have_attribute("aria-valuetext", "4 of 7 · Not solved, so once more")
    assert marked(audit, "path-now") == {"solved"}
    assert marked(audit, "path-flow") == {"to_work", "to_solved"}
    assert marked(audit, "path-last") == {"to_solved"}
    later = audit.eval_on_selector_all("[data-seq].later", "all => all.map(e => e.dataset.seq)")
    assert later == ["5", "6", "7"]
    step.press("End")
    assert marked(audit, "path-now") == {"confirm"}


def test_the_timeline_is_walked_with_the_arrow_keys(audit: Page) -> None:
    audit.locator("[data-timeline]").focus()
    audit.keyboard.press("ArrowDown")
    audit.keyboard.press("ArrowDown")
    expect(audit.locator("[data-seq='2']")).to_be_focused()
    assert marked(audit, "lit") == {"to_work", "work"}


def test_the_logo_of_bpmn_io_stays_visible_and_free(audit: Page) -> None:
    logo = audit.locator(".bjs-powered-by")
    expect(logo).to_be_visible()
    box = logo.bounding_box()
    assert box is not None
    at_logo = audit.evaluate(
        "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.bjs-powered-by'))",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert at_logo


def test_where_the_diagram_is_missing_the_timeline_still_tells_it_all(page: Page) -> None:
    page.route("**/reminder.bpmn", lambda route: route.fulfill(status=404, body="gone"))
    page.on("console", lambda message: None)
    page.goto("/audit")
    expect(page.get_by_text("The list of what happened is complete without it.")).to_be_visible()
    expect(page.locator("[data-seq]")).to_have_count(7)
