"""Lists that are worked by keys, and forms that are sent once."""

from __future__ import annotations

from assets_site import Site
from playwright.sync_api import Page, expect

# A page that is being left answers no question of the test, so it writes down itself how its button looked.
WATCH = """() => new MutationObserver(([change]) => {
    const button = document.querySelector("main button");
    sessionStorage.seen = `${button.textContent} ${button.disabled ? "disabled" : "enabled"}`;
}).observe(document.querySelector("main button"), {childList: true, attributes: true})"""


def row(page: Page, number: int) -> object:
    return page.locator(f"#task-{number} [data-open]")


def test_j_and_k_move_and_enter_opens(page: Page) -> None:
    page.goto("/inbox")
    page.keyboard.press("j")
    expect(row(page, 4711)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(row(page, 4698)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/task?4698")


def test_coming_back_shows_the_same_row_in_focus(page: Page) -> None:
    page.goto("/inbox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("/task?4698")
    page.goto("/inbox")
    expect(row(page, 4698)).to_be_focused()


def test_time_left_counts_on_from_the_engines_moment_and_turns_late(page: Page) -> None:
    page.clock.install(time="2020-01-01T00:00:00Z")  # the clock of the desk is wrong by years
    page.goto("/inbox")
    time = page.locator("#task-4640 time")
    page.clock.fast_forward("01:30")
    expect(time).to_have_text("in 10 min")
    page.clock.fast_forward("10:30")
    expect(time).to_have_text("due now")
    page.clock.fast_forward("25:00:00")
    expect(time).to_have_text("1 d 1 h late")
    expect(page.locator("#task-4640 .deadline-late")).to_have_count(1)
    expect(page.locator("#task-4655 time")).to_have_text("paused, 3 h 05 left")


def test_where_the_row_is_gone_the_one_in_its_place_has_focus(page: Page) -> None:
    page.goto("/inbox")
    row(page, 4698).focus()
    page.evaluate("document.querySelector('#task-4698').id = 'task-1'")  # as if it had been another
    page.evaluate("document.querySelector('#task-1 [data-open]').blur()")
    page.evaluate("document.dispatchEvent(new Event('htmx:after:swap'))")
    expect(row(page, 1)).to_be_focused()


def test_c_claims_the_row_in_focus_and_only_that(page: Page, site: Site) -> None:
    page.goto("/inbox")
    page.keyboard.press("c")
    row(page, 4655).focus()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Kept /claim")).to_be_visible()
    assert [post.values("task") for post in site.posts("/claim")] == [["4655"]]


def test_a_double_click_sends_once_and_the_button_says_what_goes_on(page: Page, site: Site) -> None:
    page.goto("/reply")
    page.get_by_label("Reply").fill("It works again")
    page.get_by_label("Reply").blur()
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", name="Kept /reply")).to_be_visible()
    assert [post.values("body") for post in site.posts("/reply")] == [["It works again"]]
    assert page.evaluate("sessionStorage.seen") == "Sending … disabled"
