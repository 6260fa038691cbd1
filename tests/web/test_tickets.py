"""Tickets: conversation, calls, new tickets for callers, and cancelling."""

import re
from datetime import timedelta
from html import unescape

from tests.web.test_inbox import triaged


def test_a_reply_is_for_the_customer_and_a_note_is_not(visit, office) -> None:
    number = office.open_ticket()
    visitor = visit("ann")
    here = f"/tickets/{number}"
    assert (
        visitor.post(f"{here}/entries", page=here, kind="reply", body="We look into it.").status_code == 302
    )
    office.forward(timedelta(minutes=1))
    visitor.post(f"{here}/entries", page=here, kind="note", body="Third time this week.")
    office.forward(timedelta(minutes=1))
    visitor.post(f"{here}/entries", page=here, kind="call", body="She will be home at six.")
    entries = office.casepath.reads.entries(office.desk.id, number)
    assert [(it.kind, it.public) for it in entries] == [("reply", True), ("note", False), ("call", False)]
    page = visitor.get(here).text
    assert "She will be home at six." in page
    assert "Third time this week." in page


def test_an_empty_entry_is_told_at_its_field(visit, office) -> None:
    here = f"/tickets/{office.open_ticket()}"
    answer = visit("ann").post(f"{here}/entries", page=here, kind="note", body="  ")
    assert answer.status_code == 422
    assert 'href="#field-body"' in answer.text


def test_a_timer_that_is_bound_to_a_goal_is_told_by_the_line_of_the_goal_alone(visit, office) -> None:
    office.person("lea", "lead")
    number = office.open_ticket()
    office.complete(number, "lea", category="bug_report", impact="low", urgency="low", sla_tier="standard")
    assert "First response nearly due" in visit("ada", "auditor").get(f"/audit/{number}").text
    page = visit("ann").get(f"/tickets/{number}").text
    assert "First response" in page
    assert "First response nearly due" not in page
    assert "Support ticket, version 1" in page


def test_the_page_shows_customer_deadlines_task_and_version(visit, office) -> None:
    office.open_ticket("The first one")
    number = office.open_ticket("The second one")
    page = visit("ann", queues=("tier1",)).get(f"/tickets/{number}").text
    assert "ann@example.com" in page
    assert "The first one" in page
    assert "in 4 h" in page
    assert "Mon 23 Nov 2026, 17:00 CET" in page
    assert "Triage ticket" in page
    assert "Support ticket, version 1" in page


def test_mails_that_are_none_of_the_customers_business_are_folded_away(visit, office) -> None:
    number, visitor = office.open_ticket(), visit("ann")
    office.person("lea", "lead")
    triaged(office, number, "lea")
    here = f"/tickets/{number}"
    office.forward(timedelta(days=5))
    visitor.post(f"{here}/entries", page=here, kind="note", body="Who has this?")  # what was due comes first
    page = visitor.get(here).text
    told = page[page.index('id="conversation-title"') : page.index("Add to the conversation")]
    folded = re.findall(r"<details><summary>(.*?)</summary>", told)
    assert folded and all(f"Ticket {number}" in it for it in folded)
    assert "lead@desk.example" not in "".join(re.findall(r"<p><strong>.*?</strong></p>", told))
    assert "we have received" in told and not [it for it in folded if "we have received" in it]


def test_a_ticket_without_a_task_says_what_it_waits_for(visit, office) -> None:
    number = office.open_ticket()
    office.person("lea", "lead")
    office.complete(number, "lea", disposition="incomplete", question="Which version?")
    page = visit("ann").get(f"/tickets/{number}").text
    assert "Nothing at the moment. The ticket waits at “Wait for answer”." in " ".join(page.split())


def test_a_timer_stands_with_the_task_on_which_it_hangs(visit, office) -> None:
    number = office.open_ticket()
    page = visit("ann", queues=("tier1",)).get(f"/tickets/{number}").text
    panel = page[page.index('id="deadlines"') : page.index("Where it stands")]
    assert panel.count("data-due=") == 1
    assert panel.index("Triage ticket") < panel.index("due Mon 23 Nov 2026, 17:00 CET")
    assert "then “Not triaged in time”" in panel


def test_a_caller_is_found_by_name_phone_or_mail_with_earlier_tickets(visit, office) -> None:
    number = office.open_ticket("Slow line")
    visitor = visit("ann")
    for query in ("meyer", "555 01 23", "0171 5550123", "ann@example.com"):
        page = visitor.get("/tickets/new", query_string={"q": query}).text
        assert "Ann Meyer" in page, query
        assert f"last: {number} Slow line" in page


def test_a_ticket_is_opened_for_a_known_caller(visit, office) -> None:
    office.open_ticket("Slow line")
    (customer,) = office.casepath.reads.customers(office.desk.id, "meyer")
    visitor = visit("ann")
    form = f"/tickets/new/for?customer={customer.id}"
    assert "Slow line" in visitor.get(form).text
    answer = visitor.post(
        "/tickets/new/for", page=form, customer=str(customer.id), name="Ann Meyer", email="ann@example.com",
        phone="+49 171 5550123", channel="phone", subject="No line at all", description="Since this morning.",
    )  # fmt: skip
    ticket = office.casepath.reads.ticket(office.desk.id, int(answer.location.rsplit("/", 1)[1]))
    assert (ticket.subject, ticket.channel, ticket.requester_id) == ("No line at all", "phone", customer.id)


def test_a_new_caller_needs_a_way_to_be_reached(visit) -> None:
    answer = visit("ann").post(
        "/tickets/new/for", name="Zoe", subject="Hello", channel="phone", description="", email="", phone=""
    )
    assert answer.status_code == 422
    assert 'href="#field-email"' in answer.text
    assert 'value="Zoe"' in answer.text


def test_nobody_found_says_so_and_offers_a_new_customer(visit) -> None:
    page = unescape(visit("ann").get("/tickets/new?q=Unknown Person").text)
    assert "Nobody found for “Unknown Person”" in page
    assert "New customer" in page


def test_tickets_are_found_by_number_subject_and_customer(visit, office) -> None:
    number = office.open_ticket("Purple router")
    office.open_ticket("Invoice", name="Bert Brown")
    visitor = visit("otto", "auditor")
    for query in (str(number), f"#{number}", "purple", "meyer"):
        page = visitor.get("/tickets", query_string={"q": query}).text
        assert "Purple router" in page, query
        assert "Invoice" not in page


def test_a_lead_cancels_a_ticket_with_a_reason(visit, office) -> None:
    number = office.open_ticket()
    visitor = visit("lea", "lead")
    here = f"/tickets/{number}"
    assert visitor.post(f"{here}/cancel", page=here, reason="").status_code == 422
    assert visitor.post(f"{here}/cancel", page=here, reason="Opened twice").status_code == 302
    assert office.casepath.reads.ticket(office.desk.id, number).closed_at is not None


def test_words_of_a_customer_stay_words(visit, office) -> None:
    number = office.open_ticket("<script>alert(1)</script>", description="<b>bold</b>")
    page = visit("ann").get(f"/tickets/{number}").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold" in page


def test_a_ticket_of_another_desk_is_not_found(visit, office) -> None:
    assert visit("ann").get("/tickets/999999").status_code == 404
