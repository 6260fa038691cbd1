"""The customer's pages: ask, follow, answer, confirm, without any log-in or script."""

import pytest

from engine.links import follow_secret
from tests.web.test_inbox import triaged


@pytest.fixture
def solved(office) -> int:
    """A ticket that an agent has solved; the customer is asked."""
    office.person("lea", "lead")
    number = office.open_ticket()
    triaged(office, number, "lea")
    office.complete(
        number, "lea", result="solved", resolution_type="solution", answer="Pull the plug.", tags=[]
    )
    return number


def link(office, number: int) -> str:
    secret = follow_secret(office.casepath.settings.secret_key, office.desk.id, number)
    return f"/follow/{secret}"


def asked(visitor, office, **more: str):
    typed = {
        "name": "Ann Meyer",
        "email": "ann@example.com",
        "phone": "",
        "subject": "Router is dead",
        "description": "It blinks red.",
        "category": "",
    }
    return visitor.post(f"/help/{office.desk.key}", **(typed | more))


def test_a_customer_asks_and_is_led_to_a_page_of_their_own(visit, office) -> None:
    visitor = visit()
    answer = asked(visitor, office)
    assert answer.status_code == 302
    page = visitor.get(answer.location).text
    assert "Router is dead" in page
    assert "We have your request." in page
    assert "New" in page


def test_a_customer_is_told_what_is_missing_and_keeps_the_rest(visit, office) -> None:
    answer = asked(visit(), office, email="", subject="")
    assert answer.status_code == 422
    assert 'href="#field-email"' in answer.text
    assert 'href="#field-subject"' in answer.text
    assert "It blinks red." in answer.text


def test_the_same_request_sent_twice_opens_one_ticket(visit, office) -> None:
    visitor = visit()
    page = visitor.get(f"/help/{office.desk.key}").text
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "command_id")
    }
    typed = {"name": "Ann", "email": "ann@example.com", "subject": "Dead", "description": "Red."}
    places = {
        visitor.client.post(f"/help/{office.desk.key}", data={**hidden, **typed}).location for _ in range(2)
    }
    assert len(places) == 1
    assert len(office.casepath.reads.tickets(office.desk.id).items) == 1


def test_a_changed_or_cut_link_leads_nowhere(visit, office) -> None:
    visitor, here = visit(), link(office, office.open_ticket())
    other = office.open_ticket("Of somebody else")
    assert visitor.get(here).status_code == 200
    assert visitor.get(here[:-1]).status_code == 404
    desk, number, signature = here.removeprefix("/follow/").split("-", 2)
    assert visitor.get(f"/follow/{desk}-{other}-{signature}").status_code == 404
    assert number != str(other)


def test_a_customer_reads_replies_and_never_notes(visit, office) -> None:
    number = office.open_ticket()
    agent = visit("ann")
    agent.post(f"/tickets/{number}/entries", page=f"/tickets/{number}", kind="reply", body="We look into it.")
    agent.post(
        f"/tickets/{number}/entries", page=f"/tickets/{number}", kind="note", body="Difficult customer."
    )
    page = visit().get(link(office, number)).text
    assert "We look into it." in page
    assert "Difficult customer." not in page


def test_an_answer_of_the_customer_wakes_the_ticket_that_waits_for_it(visit, office) -> None:
    office.person("lea", "lead")
    number = office.open_ticket()
    triaged(office, number, "lea")
    office.complete(number, "lea", result="ask", question="Which colour?")
    here = link(office, number)
    visitor = visit()
    assert "Which colour?" in visitor.get(here).text
    assert visitor.post(f"{here}/answer", page=here, body="Red.").status_code == 302
    assert office.task(number).name == "Resolve ticket"
    assert "Red." in visitor.get(here).text


def test_a_customer_confirms_and_the_ticket_is_closed(visit, office, solved) -> None:
    visitor, here = visit(), link(office, solved)
    page = visitor.get(here).text
    assert "Is it solved?" in page
    assert "Pull the plug." in page
    visitor.post(f"{here}/confirm", page=here, solved="yes", comment="")
    closed = visitor.get(here).text
    assert "Thank you. Your request is closed." in closed
    assert "Is it solved?" not in closed
    assert office.casepath.reads.ticket(office.desk.id, solved).status == "closed"


def test_a_customer_who_is_not_content_says_why_and_work_goes_on(visit, office, solved) -> None:
    visitor, here = visit(), link(office, solved)
    empty = visitor.post(f"{here}/confirm", page=here, solved="no", comment="")
    assert empty.status_code == 422
    assert "Tell us what is still wrong" in empty.text
    visitor.post(f"{here}/confirm", page=here, solved="no", comment="Still red.")
    assert office.task(solved).name == "Resolve ticket"
    (entry,) = office.casepath.reads.entries(office.desk.id, solved)
    assert (entry.author_kind, entry.body) == ("customer", "Still red.")


def test_confirming_when_nobody_asks_is_refused_politely(visit, office) -> None:
    here = link(office, office.open_ticket())
    answer = visit().post(f"{here}/confirm", page=here, solved="yes", comment="")
    assert answer.status_code == 409


def test_with_several_desks_a_customer_chooses_one(visit, office) -> None:
    other = office.casepath.store.desks.add("another", "Another desk", "none", "UTC", office.desk.created_at)
    page = visit().get("/help").text
    assert office.desk.title in page
    assert other.title in page
