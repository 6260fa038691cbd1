"""The frame that every page has: keys, theme, small screens, no script at all."""

from __future__ import annotations

import pytest
from assets_site import PAGES, Site
from playwright.sync_api import Browser, Page, expect

SERIOUS = ("serious", "critical")
# Drawn by bpmn.io's libraries; what axe finds inside is theirs to mend, what stands around it is ours.
THEIRS = [".djs-container", ".bio-properties-panel"]


def test_g_and_a_letter_go_to_the_page_with_that_letter(page: Page) -> None:
    page.goto("/reply")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url("/inbox")


def test_the_question_mark_lists_the_keys_that_this_page_has(page: Page) -> None:
    page.goto("/inbox")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys on this page")
    expect(dialog).to_be_visible()
    assert dialog.locator("dd").all_inner_texts() == [
        "This list", "Next row", "Previous row", "Open the row", "Claim the row",
        "New ticket", "Go to Inbox", "Go to Tickets", "Go to Studio", "Go to Audit",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_single_keys_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys are on").uncheck()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_typed_into_a_field_are_text(page: Page) -> None:
    page.goto("/reply")
    page.get_by_label("Reply").press_sequentially("gi?jk")
    expect(page.get_by_label("Reply")).to_have_value("gi?jk")
    expect(page).to_have_url("/reply")


def test_the_theme_is_switched_and_kept_in_a_cookie(page: Page) -> None:
    page.goto("/inbox")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(paper) != light
    assert {c["name"]: c["value"] for c in page.context.cookies()}["casepath_theme"] == "dark"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_page(page: Page) -> None:
    page.goto("/inbox")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_folds_on_a_small_screen_and_opens_without_a_script(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(
        base_url=site.address, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/inbox")
    audit = page.get_by_role("link", name="Audit")
    expect(audit).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(audit).to_be_visible()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_small_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(page: Page, site: Site, axe: str, path: str, theme: str) -> None:
    site.theme = theme
    page.goto(path)
    page.wait_for_load_state("networkidle")
    for selector in ("[data-studio]", "[data-trace]"):
        if page.locator(selector).count():
            page.wait_for_selector(f"{selector}[data-ready]", state="attached")
    page.evaluate(axe)
    result = page.evaluate("theirs => axe.run({exclude: theirs.map(s => [s])})", THEIRS)
    found = [
        (rule["id"], [node["target"] for node in rule["nodes"]])
        for rule in result["violations"]
        if rule["impact"] in SERIOUS
    ]
    assert found == []
