"""Nothing typed is lost: saved on the server while one types, kept in the tab where that fails."""

from __future__ import annotations

from assets_site import Site
from playwright.sync_api import Page, expect


def type_reply(page: Page, text: str) -> None:
    with page.expect_response("**/draft"):
        page.get_by_label("Reply").fill(text)


def test_what_is_typed_is_saved_under_the_names_of_the_form(page: Page, site: Site) -> None:
    page.goto("/reply")
    type_reply(page, "Please restart it")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    [draft] = site.posts("/draft")
    assert draft.pairs == [("body", "Please restart it")]
    assert draft.headers["X-CSRF-Token"] == "token-1"


def test_where_saving_fails_the_text_is_put_back_and_saved_later(page: Page, site: Site) -> None:
    site.refuse_drafts = True
    page.goto("/reply")
    type_reply(page, "Please restart it")
    expect(page.get_by_text("kept in this tab")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())  # leaving asks first, because the server has nothing
    site.refuse_drafts = False
    with page.expect_response("**/draft"):
        page.reload()
    expect(page.get_by_label("Reply")).to_have_value("Please restart it")
    expect(page.get_by_text("Draft saved")).to_be_visible()


def test_a_form_that_was_sent_is_not_filled_again(page: Page, site: Site) -> None:
    site.refuse_drafts = True
    page.goto("/reply")
    type_reply(page, "Please restart it")
    expect(page.get_by_text("kept in this tab")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Kept /reply")).to_be_visible()
    site.notices = [("ok", "Sent.")]
    page.goto("/reply")
    expect(page.get_by_label("Reply")).to_have_value("")


def test_logging_out_leaves_nothing_in_the_tab(page: Page, site: Site) -> None:
    site.refuse_drafts = True
    page.goto("/reply")
    type_reply(page, "Private")
    expect(page.get_by_text("kept in this tab")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Kept /logout")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.includes('draft'))") == []
