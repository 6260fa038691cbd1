"""A form-js form over the plain one: what it shows, what it posts, and what is left without a script."""

from __future__ import annotations

import pytest
from assets_site import Site
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def task(page: Page, site: Site) -> Page:
    """The task page once form-js has drawn its form."""
    page.goto("/task")
    expect(page.locator(".fjs-form")).to_be_visible()
    expect(page.locator("[data-form-plain]")).to_have_count(0)
    return page


def test_values_are_posted_under_the_same_names_as_without_a_script(task: Page, site: Site) -> None:
    task.get_by_label("Solved").check()
    task.get_by_label("Note").fill("Replaced the router")
    task.get_by_label("Minutes worked").fill("35")
    task.get_by_label("Connection").check()
    task.get_by_role("button", name="Complete", exact=True).click()
    expect(task.get_by_role("heading", name="Kept /complete")).to_be_visible()
    [post] = site.posts("/complete")
    assert sorted(pair for pair in post.pairs if pair[0].startswith("field:")) == [
        ("field:billable", "false"),
        ("field:checks", "area"),
        ("field:checks", "line"),
        ("field:customer.category", "network"),
        ("field:minutes", "35"),
        ("field:note", "Replaced the router"),
        ("field:result", "solved"),
    ]
    assert post.values("command_id") == ["c-1"]
    assert post.values("revision") == ["4"]
    assert post.values("then") == ["ticket"]


def test_a_field_that_its_condition_hides_is_neither_shown_nor_posted(task: Page, site: Site) -> None:
    expect(task.get_by_label("Visit on")).to_have_count(0)
    task.get_by_label("Visit needed").check()
    expect(task.get_by_label("Visit on")).to_be_visible()
    task.get_by_label("Note").fill("A visit is needed")
    task.get_by_role("button", name="Complete and next").click()
    expect(task.get_by_role("heading", name="Kept /complete")).to_be_visible()
    [post] = site.posts("/complete")
    assert post.values("field:visit_on") == [""]
    assert post.values("then") == ["next"]


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_a_date_is_shown_and_read_as_year_month_day_whatever_the_browser_speaks(
    chromium: Browser, site: Site, locale: str
) -> None:
    site.data = {
        "visit_needed": True,
        "note": "A visit is needed",
        "result": "visit",
        "visit_on": "2026-04-03",
    }
    context = chromium.new_context(base_url=site.address, locale=locale)
    page = context.new_page()
    page.goto("/task")
    expect(page.locator("[data-form-plain]")).to_have_count(0)
    field = page.get_by_label("Visit on")
    expect(field).to_have_attribute("placeholder", "yyyy-mm-dd")
    expect(field).to_have_value("2026-04-03")
    field.fill("2026-05-04")
    field.press("Enter")
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_role("heading", name="Kept /complete")).to_be_visible()
    context.close()
    [post] = site.posts("/complete")
    assert post.values("field:visit_on") == ["2026-05-04"]


def test_errors_stand_at_the_field_and_in_a_summary_that_leads_there(task: Page, site: Site) -> None:
    task.get_by_role("button", name="Complete", exact=True).click()
    summary = task.get_by_role("alert")
    expect(summary).to_be_focused()
    assert [text.split(":")[0] for text in summary.get_by_role("link").all_inner_texts()] == [
        "Result",
        "Note",
    ]
    summary.get_by_role("link", name="Note").click()
    expect(task.get_by_label("Note")).to_be_focused()
    expect(task.locator(".fjs-form-field-textarea .fjs-form-field-error")).to_be_visible()
    assert site.posts("/complete") == []
    expect(task.get_by_role("button", name="Complete", exact=True)).to_be_enabled()


def test_what_the_server_refused_is_shown_with_everything_typed(page: Page, site: Site) -> None:
    site.data = {"result": "solved", "note": "x", "minutes": 5}
    site.errors = {"note": ["Expected at least 5 characters, but there is 1."]}
    page.goto("/task")
    expect(page.locator("[data-form-plain]")).to_have_count(0)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        "Note: Expected at least 5 characters, but there is 1."
    )
    expect(page.get_by_label("Note")).to_have_value("x")
    expect(page.get_by_label("Solved")).to_be_checked()
    expect(page.locator(".fjs-form-field-error")).to_contain_text("Expected at least 5 characters")


def test_typing_saves_the_draft(task: Page, site: Site) -> None:
    with task.expect_response("**/draft"):
        task.get_by_label("Note").press_sequentially("Half a sentence")
    assert site.posts("/draft")[-1].values("field:note") == ["Half a sentence"]
    expect(task.get_by_text("Draft saved")).to_be_visible()


def test_what_was_kept_in_the_tab_comes_back_into_the_drawn_form(task: Page, site: Site) -> None:
    site.refuse_drafts = True
    with task.expect_response("**/draft"):
        task.get_by_label("Note").press_sequentially("Half a sentence")
    expect(task.get_by_text("kept in this tab")).to_be_visible()
    task.on("dialog", lambda dialog: dialog.accept())
    task.reload()
    expect(task.locator("[data-form-plain]")).to_have_count(0)
    expect(task.get_by_label("Note")).to_have_value("Half a sentence")


def test_without_a_script_the_same_form_is_filled_and_posted(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/task")
    page.get_by_label("Solved").check()
    page.get_by_label("Note").fill("Replaced the router")
    page.get_by_label("Connection").check()
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_role("heading", name="Kept /complete")).to_be_visible()
    [post] = site.posts("/complete")
    assert sorted(pair for pair in post.pairs if pair[0].startswith("field:")) == [
        ("field:checks", "area"),
        ("field:checks", "line"),
        ("field:customer.category", "network"),
        ("field:minutes", "20"),
        ("field:note", "Replaced the router"),
        ("field:result", "solved"),
        ("field:visit_on", ""),
    ]
    context.close()


def test_without_a_script_errors_lead_to_their_fields(chromium: Browser, site: Site) -> None:
    site.errors = {
        "note": ["Expected a note, but it is empty."],
        "result": ["Expected a result, but none was chosen."],
    }
    context = chromium.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/task")
    links = page.get_by_role("alert").get_by_role("link")
    expect(links).to_have_count(2)
    links.filter(has_text="Note").click()
    expect(page.get_by_label("Note")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_attribute("aria-invalid", "true")
    context.close()
