"""Two lives of a ticket in a real browser, from the customer's first word to the end."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.workers import jobs
from tests.web.test_browser_pages import fill_triage, settle

pytestmark = pytest.mark.browser


def test_a_customer_asks_an_agent_solves_the_customer_confirms_and_the_ticket_is_closed(
    browse, office
) -> None:
    customer, agent = browse(), browse("ann", queues=("tier1", "tier2"))

    customer.goto(f"/help/{office.desk.key}")
    customer.get_by_label("Your name").fill("Zoe Zimmer")
    customer.get_by_label("Your mail address").fill("zoe@example.com")
    customer.get_by_label("What is it about?").fill("I can not log in")
    customer.get_by_label("What happened?").fill("It says my password is wrong.")
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_text("We have your request.")).to_be_visible()
    own_page = customer.url

    agent.goto("/inbox?folder=queues")
    agent.get_by_role("link", name="I can not log in").click()
    fill_triage(agent)
    agent.get_by_role("button", name="Complete and next").click()
    expect(agent.get_by_role("heading", name="Resolve ticket", level=1)).to_be_visible()
    settle(agent)
    agent.get_by_role("radio", name="Solved: tell the customer").check()
    agent.get_by_role("radio", name="Answer", exact=True).check()
    agent.get_by_label("Answer to the customer").fill("Use the link in our last mail.")
    agent.get_by_role("button", name="Complete", exact=True).click()
    expect(agent.get_by_text("The task was completed.")).to_be_visible()

    customer.goto(own_page)
    expect(customer.get_by_text("Use the link in our last mail.")).to_be_visible()
    customer.get_by_role("radio", name="Yes, it is solved").check()
    customer.get_by_role("button", name="Tell us").click()
    expect(customer.get_by_text("Thank you. Your request is closed.")).to_be_visible()
    expect(customer.get_by_text("Closed", exact=True)).to_be_visible()

    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert (ticket.status, ticket.closed_at is not None) == ("closed", True)
    assert office.casepath.reads.verify(office.desk.id, ticket.number).ok


def test_a_task_that_nobody_does_escalates_to_the_lead_at_its_deadline(browse, office) -> None:
    number = office.open_ticket("Nobody looks at me")
    lead = browse("lea", "agent", "lead", queues=("tier1",))
    lead.goto("/inbox?folder=queues")
    expect(lead.get_by_text("in 4 h")).to_be_visible()

    office.forward(timedelta(hours=4, seconds=1))
    fire_due_timers(office)

    lead.goto("/inbox?folder=queues")
    row = lead.locator("[data-row]", has_text="Nobody looks at me")
    expect(row.get_by_text("Triage ticket as lead")).to_be_visible()
    row.get_by_role("link").click()
    expect(lead.get_by_text("Escalated")).to_be_visible()
    expect(lead.get_by_text("Nobody triaged this ticket in time.")).to_be_visible()
    fill_triage(lead)
    lead.get_by_role("button", name="Complete", exact=True).click()
    expect(lead.get_by_text("The task was completed.")).to_be_visible()
    assert office.task(number).name == "Resolve ticket"


def fire_due_timers(office) -> None:
    """Do what scheduler and worker do, without the queue between them."""
    store, now = office.casepath.store, office.casepath.clock.now()
    for timer in store.timers.claim_due(now, limit=1000, lease=timedelta(seconds=30)):
        if timer.desk_id == office.desk.id:
            jobs.fire_timer(office.casepath, timer.desk_id, timer.id, timer.due_at.isoformat())
