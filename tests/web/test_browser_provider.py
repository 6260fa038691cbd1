"""Four matters of an internet provider's desk in a real browser, each as people do it, on the bundled pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.catalog.pack import read_pack
from engine.links import follow_secret
from engine.people import operator
from engine.records import BY_PLURAL
from tests.web.conftest import PACKS
from tests.web.test_api import Program
from tests.web.test_browser_pages import settle
from tests.web.working import work_off

pytestmark = pytest.mark.browser
RECORDS: Mapping[str, list[dict[str, Any]]] = {
    "accounts": [{"number": "C-1", "name": "Cleo Park", "email": "cleo@example.com", "currency": "EUR"}],
    "stock": [{"model": "router_x", "quantity": 0, "price": Decimal("80.00"), "currency": "EUR"}],
    "equipment": [
        {"serial": "R-1", "model": "router_x", "account": "C-1", "warranty_until": "2027-06-01"},
        {"serial": "R-2", "model": "router_x"},
    ],
    "payments": [{"number": "P-1", "account": "C-1", "amount": Decimal("130.00"), "reference": "November"}],
    "contracts": [
        {
            "number": "CON-1",
            "account": "C-1",
            "package": "Fibre 100",
            "price": Decimal("31.00"),
            "starts_on": "2026-06-01",
            "term_ends_on": "2027-05-31",
            "notice_days": 30,
            "early_fee": Decimal("60.00"),
        }
    ],
    "invoices": [{"number": "INV-9", "account": "C-1", "amount": Decimal("31.00"), "reason": "November"}],
}


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """What the provider's desk runs on, without the pack's own stories: each would take a second here."""
    files = read_pack(PACKS / "isp_core").files
    told_elsewhere = ("scenarios/", "requirements.toml")
    return {path: content for path, content in files.items() if not path.startswith(told_elsewhere)}


@pytest.fixture
def provider(office):
    """The desk of a provider who knows Cleo."""
    listed = [(BY_PLURAL[plural], row) for plural, rows in RECORDS.items() for row in rows]
    office.casepath.records.take_in(office.desk.id, operator(), listed, id=uuid4())
    return office


def call_of_cleo(page: Page, subject: str, category: str) -> int:
    """Cleo calls: whoever answers opens a ticket. Return its number."""
    page.goto("/tickets/new")
    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Name", exact=True).fill("Cleo Park")
    page.get_by_label("Mail address").fill("cleo@example.com")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Category").select_option(label=category)
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_text("The ticket was opened.")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def choose(page: Page, label: str, value: str) -> None:
    """Choose from a list as form-js draws it."""
    field = page.locator(".fjs-form-field-select", has_text=label)
    field.locator(".fjs-select-display").click()
    field.get_by_text(value, exact=True).click()


def reads(page: Page, label: str, text: str) -> None:
    """Read in a field that can't be changed."""
    expect(page.get_by_label(label, exact=True)).to_have_value(re.compile(re.escape(text)))


def promise(page: Page, title: str) -> Locator:
    """One promise of a ticket, as its page tells it."""
    return page.locator(".goals > li", has=page.get_by_text(title, exact=True))


def open_task(page: Page, number: int, name: str) -> None:
    """Go to a task from its ticket."""
    page.goto(f"/tickets/{number}")
    page.get_by_role("link", name=name, exact=True).click()
    settle(page)


def complete(page: Page) -> None:
    """Complete the task that is shown."""
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(page.get_by_text("The task was completed.")).to_be_visible()


def test_a_refund_above_the_limit_is_approved_by_one_of_two_leads_and_paid_once(browse, provider) -> None:
    agent = browse("bill", "agent", queues=("billing_department",))
    first, second = (browse(it, "agent", queues=("billing_lead",)) for it in ("lea", "lou"))
    number = call_of_cleo(agent, "Charged twice", "Billing")
    work_off(provider)

    take_action(agent, number, "Refund or credit")
    expect(agent.get_by_text("A refund can not be taken back; a credit can.")).to_be_visible()
    agent.get_by_role("radio", name="Refund: pay back").check()
    choose(agent, "Why", "Paid twice")
    agent.get_by_label("Amount").fill("120.005")
    agent.get_by_label("What you know about it").fill("The bank shows it twice.")
    agent.get_by_role("button", name="Refund or credit").click()
    expect(agent.get_by_text("Done. This is where the ticket stands now.")).to_be_visible()
    work_off(provider)
    open_task(agent, number, "Write request")
    reads(agent, "Why it was not possible before", "The amount of 120.005 has more decimals than EUR has.")
    agent.get_by_label("Amount (EUR)").fill("120")
    complete(agent)
    work_off(provider)

    for lead in (first, second):
        lead.goto("/inbox?folder=queues")
        lead.get_by_role("link", name="Charged twice").click()
        settle(lead)
        reads(lead, "What", "Refund of 120.00 EUR for Cleo Park (C-1)")
        reads(lead, "Why it needs approval", "above the limit of an agent, 50.00 EUR.")
        reads(lead, "What the agent knows about it", "The bank shows it twice.")
        expect(lead.get_by_text("This task: ")).to_be_visible()
        fits(lead)
        lead.get_by_role("radio", name="Approve", exact=True).check()
    first.get_by_role("button", name="Complete", exact=True).dblclick()
    second.get_by_role("button", name="Complete", exact=True).click()
    answers = re.compile("The task was completed|completed this task before you")
    for lead in (first, second):  # whose request came first is nobody's to say
        expect(lead.get_by_text(answers)).to_be_visible()
    assert sum(it.get_by_text("The task was completed").count() for it in (first, second)) == 1
    work_off(provider)

    account = account_of_cleo(agent)
    expect(account("Refunds")).to_have_count(1)
    expect(account("Refunds")).to_contain_text("paid twice")
    expect(account("Refunds")).to_contain_text("120.00 EUR")
    agent.get_by_role("link", name=str(number)).first.click()
    expect(agent.get_by_text("paid back 120.00 EUR").first).to_be_visible()


def fits(page: Page) -> None:
    """What is only read is as high as it is long, and the bar of buttons is as wide as the form."""
    note, bar = page.get_by_label("What the agent knows about it"), page.locator(".task-form > form")
    assert note.bounding_box()["height"] < 50
    widths = [it.bounding_box()["x"] + it.bounding_box()["width"] for it in (note, bar)]
    assert widths[0] <= widths[1]


def account_of_cleo(page: Page) -> Callable[[str], Locator]:
    """Look Cleo's account up; return what gives the rows of one of its tables."""
    page.goto("/records")
    page.get_by_role("searchbox").fill("Cleo")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Cleo Park")).to_be_visible()
    return lambda title: page.get_by_role("table", name=title).locator("tbody tr")


def test_an_escalation_climbs_three_tiers_while_its_promises_run(browse, provider) -> None:
    agent = browse("nora", "agent", queues=("customer_support", "network_operations"))
    team = browse("theo", "agent", queues=("technical_team",))
    manager = browse("mara", "agent", "lead", queues=("management",))
    number = call_of_cleo(agent, "Our whole street hums", "Technical")
    work_off(provider)
    open_task(agent, number, "Triage ticket")
    agent.get_by_role("radio", name="A request that can be worked on").check()
    choose(agent, "Priority", "Critical")
    complete(agent)
    work_off(provider)

    agent.goto(f"/tickets/{number}")
    expect(promise(agent, "First response")).to_contain_text("in 15 min")
    expect(promise(agent, "Resolution")).to_contain_text("in 4 h")
    agent.get_by_label("Text").fill("We look into it.")
    agent.get_by_role("button", name="Add").click()
    expect(promise(agent, "First response")).to_contain_text("met 13:00")

    take_action(agent, number, "Escalate")
    choose(agent, "Reason", "Technical: network infrastructure")
    agent.get_by_label("Why somebody else should look at it").fill("The distributor is wet.")
    agent.get_by_role("button", name="Escalate").click()
    open_task(agent, number, "Prepare escalation")
    agent.get_by_label("Evidence").fill("Noise on all pairs.")
    agent.get_by_role("button", name="Complete", exact=True).click()
    expect(agent.get_by_role("alert")).to_contain_text("What was tried")
    agent.get_by_label("What was tried").fill("Reserve pair: no better.")
    complete(agent)
    work_off(provider)

    take_escalation(team, number)
    work_off(provider)

    provider.forward(timedelta(hours=3))
    work_off(provider)
    team.goto(f"/tickets/{number}")
    expect(promise(team, "Resolution")).to_contain_text("in 1 h")
    expect(team.get_by_text("Resolution is nearly due")).to_be_visible()
    provider.forward(timedelta(hours=1, minutes=5))
    work_off(provider)
    team.reload()
    expect(promise(team, "Resolution")).to_contain_text("late")
    expect(team.get_by_text("Resolution is late")).to_be_visible()
    expect(team.get_by_text("the escalation is not solved in time")).to_be_visible()

    provider.forward(timedelta(hours=4))
    work_off(provider)
    manager.goto("/inbox?folder=queues")
    expect(manager.get_by_role("link", name="Our whole street hums")).to_be_visible()
    take_escalation(manager, number)
    open_task(manager, number, "Resolve escalation")
    manager.get_by_role("radio", name="Solved").check()
    manager.get_by_label("Resolution, for the client").fill("The distributor was replaced.")
    complete(manager)
    open_task(agent, number, "Confirm resolution")
    reads(agent, "Resolution", "The distributor was replaced.")
    agent.get_by_role("radio", name="Yes").check()
    complete(agent)
    work_off(provider)
    agent.goto(f"/tickets/{number}")
    expect(agent.get_by_text("Resolved", exact=True).first).to_be_visible()


def take_action(page: Page, number: int, label: str) -> None:
    """Go from a ticket to the page of one of its actions."""
    page.goto(f"/tickets/{number}")
    page.get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(label)
    if page.locator("[data-form-plain] > *, .fjs-form-field").count():
        settle(page)


def take_escalation(page: Page, number: int) -> None:
    """Read what was handed over, and take it."""
    open_task(page, number, "Take escalation")
    reads(page, "Issue", "The distributor is wet.")
    reads(page, "Evidence", "Noise on all pairs.")
    reads(page, "What was tried", "Reserve pair: no better.")
    page.get_by_role("radio", name="Take it").check()
    complete(page)


def test_a_cancellation_is_withdrawn_before_the_disconnection_and_undone_in_order(browse, provider) -> None:
    agent = browse("sam", "agent", queues=("customer_support",))
    number = call_of_cleo(agent, "Upgrade, or an end", "General")
    work_off(provider)

    take_action(agent, number, "Cancel service")
    expect(agent.get_by_text("sees the final charges before anything happens")).to_be_visible()
    agent.get_by_label("Reason of the client").fill("Moving")
    agent.get_by_role("button", name="Cancel service").click()
    open_task(agent, number, "Check identity")
    agent.get_by_role("radio", name="Verified", exact=True).check()
    choose(agent, "How", "Security questions")
    complete(agent)
    work_off(provider)
    open_task(agent, number, "Agree on final charges")
    for line in ("ends on 2026-12-23", "Use in that month: 23", "leaving early: 60", "Together: 114"):
        reads(agent, "Final charges", line)
    assert account_of_cleo(agent)("Contracts").inner_text().count("active") == 1, "nothing happened yet"
    open_task(agent, number, "Agree on final charges")
    agent.get_by_role("radio", name="Accepts the final charges").check()
    complete(agent)
    work_off(provider)
    account = account_of_cleo(agent)
    expect(account("Contracts")).to_contain_text("23 Dec 2026")
    expect(account("Invoices").filter(has_text="Final charges")).to_contain_text("83.00 EUR")

    provider.forward(timedelta(days=29))
    work_off(provider)
    client = browse()
    client.goto(f"/follow/{follow_secret(provider.casepath.settings.secret_key, provider.desk.id, number)}")
    expect(client.get_by_text("Until then you can withdraw the cancellation.")).to_be_visible()
    expect(client.get_by_role("listitem").get_by_text("Together: 114.00 EUR", exact=True)).to_be_visible()
    client.get_by_label("Write to us").fill("I would rather stay.")
    client.get_by_role("button", name="Send").click()
    said: list[str] = []
    agent.on("console", lambda message: said.append(message.text))
    take_action(agent, number, "Withdraw cancellation")
    expect(agent.get_by_text("The final charge of 83.00 EUR is cancelled.")).to_be_visible()
    expect(agent.locator("ol li")).to_contain_text(
        ["Charge final amount: Cancel final invoice", "End contract: Resume contract"]
    )
    expect(
        agent.get_by_text("the step “Disconnect service”. After that it can no longer be done.")
    ).to_be_visible()
    agent.get_by_role("button", name="Withdraw cancellation").click()
    assert not said, "a page without fields has nothing to draw"
    work_off(provider)
    account = account_of_cleo(agent)
    expect(account("Contracts")).to_contain_text("active")
    expect(account("Contracts")).not_to_contain_text("23 Dec 2026")
    expect(account("Invoices").filter(has_text="Final charges")).to_contain_text("cancelled")
    expect(account("Done by processes")).to_contain_text(
        ["Contract resumed", "Invoice cancelled", "Invoice made", "Contract ended"]
    )


def test_a_replacement_waits_for_stock_and_goes_on_when_it_comes(browse, provider, app) -> None:
    agent = browse("nora", "agent", queues=("network_operations",))
    technician = browse("theo", "agent", queues=("technical_team",))
    number = call_of_cleo(agent, "Router is dead", "Technical")
    work_off(provider)

    take_action(agent, number, "Replace equipment")
    agent.get_by_label("Serial number of the unit").fill("R-1")
    choose(agent, "Fault", "Confirmed")
    agent.get_by_role("button", name="Replace equipment").click()
    expect(agent.get_by_text("Done. This is where the ticket stands now.")).to_be_visible()
    work_off(provider)
    open_task(technician, number, "Say when stock comes")
    technician.get_by_role("radio", name="Wait for stock").check()
    technician.get_by_label("Expected").fill("11/30/2026")
    technician.keyboard.press("Tab")
    complete(technician)
    work_off(provider)
    agent.goto(f"/tickets/{number}")
    expect(agent.get_by_role("link", name="Agree on visit")).to_have_count(0)
    expect(agent.get_by_role("link", name="Stock came in")).to_be_visible()

    provider.forward(timedelta(days=2))
    came_in = {"model": "router_x", "quantity": 1}
    provider.casepath.records.by_hand(provider.desk.id, operator(), "stock.receive", came_in, id=uuid4())
    warehouse = Program(app, provider, "warehouse", "agent")
    warehouse.ask("send_message", {"name": "restock", "correlation": {"key": "router_x"}})
    work_off(provider)
    open_task(agent, number, "Agree on visit")
    expect(account_of_cleo(agent)("Reserved")).to_contain_text("router_x")
