"""The page of mails of which nothing came: who may see it, what it shows, and what people do there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.test_mailed import mail, take

__all__ = ["take"]
AUTOMATIC = {"Auto_Submitted": "auto-generated"}


@pytest.fixture
def dropped(take):
    """A mail that a program wrote and that belongs to no ticket."""
    receipt = take(mail("auto@x", "Alarm", **AUTOMATIC))
    assert receipt.outcome == "dropped"
    return receipt


def seen_on(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def send(visitor, mail_id, action: str, **fields: object):
    """Send a form of the mail's page as it stands there."""
    where = f"/mails/{mail_id}"
    return visitor.post(f"{where}/{action}", where, **{"seen": seen_on(visitor.get(where).text), **fields})


def test_leads_owners_and_auditors_see_it_and_agents_do_not(visit, dropped) -> None:
    for role in ("lead", "owner", "auditor"):
        visitor = visit(f"one_{role}", role)
        assert "Alarm" in visitor.get("/mails?view=dropped").text
        assert visitor.get(f"/mails/{dropped.mail}").status_code == 200
    for address in ("/mails", f"/mails/{dropped.mail}", f"/mails/{dropped.mail}.eml"):
        assert visit("ann", "agent").get(address).status_code == 403
        assert visit().get(address).status_code == 302


def test_a_row_says_who_wrote_and_why_nothing_came_of_it(visit, dropped) -> None:
    page = visit("lea", "lead").get("/mails?view=dropped").text
    assert "Ann Meyer" in page
    assert "ann@example.com" in page
    assert "A program sent it (Auto-Submitted or a like header)." in page
    assert "Nothing is set aside" in visit("lea", "lead").get("/mails").text


def test_the_list_is_narrowed_down_by_outcome_kind_and_sender(visit, take) -> None:
    take(mail("1@x", "A question"))
    take(mail("2@x", "Alarm", **AUTOMATIC))
    take(mail("3@x", "News", List_Id="<news.x>"))
    visitor = visit("lea", "lead")

    def subjects(query: str) -> list[str]:
        page = visitor.get(f"/mails?{query}").text
        return [it for it in ("A question", "Alarm", "News") if f"<strong>{it}</strong>" in page]

    assert subjects("view=all") == ["A question", "Alarm", "News"]
    assert subjects("view=dropped") == ["Alarm", "News"]
    assert subjects("view=dropped&kind=list") == ["News"]
    assert subjects("view=all&q=ANN@example.com") == ["A question", "Alarm", "News"]
    assert subjects("view=all&q=eve@example.com") == []
    assert "Nothing found" in visitor.get("/mails?view=all&q=eve@example.com").text


def test_older_mail_is_a_page_further(visit, office, take) -> None:
    for number in range(52):
        office.forward(timedelta(seconds=1))
        take(mail(f"{number}@x", f"Alarm number {number}.", **AUTOMATIC))
    visitor = visit("lea", "lead")
    first = visitor.get("/mails?view=dropped").text
    assert "Alarm number 51." in first
    assert "Alarm number 1." not in first
    further = re.search(r'href="([^"]+cursor=[^"]+)"', first)[1].replace("&amp;", "&")
    second = visitor.get(further).text
    assert "Alarm number 1." in second
    assert "Older mail" not in second


def test_a_mail_shows_its_text_its_files_and_the_headers_that_tell_something(visit, dropped) -> None:
    visitor = visit("lea", "lead")
    page = visitor.get(f"/mails/{dropped.mail}").text
    assert "It blinks." in page
    assert "alert(1)" not in page
    assert "<dt>Auto-Submitted</dt><dd>auto-generated</dd>" in page
    assert "<dt>Message-ID</dt><dd>&lt;auto@x&gt;</dd>" in page
    file = visitor.get(re.search(r'href="(/mails/[^"]+/files/[^"]+)"', page)[1])
    assert (file.status_code, file.data, file.mimetype) == (
        *(200, b"<script>1</script>"),
        "application/octet-stream",
    )
    assert visitor.get(f"/mails/{dropped.mail}.eml").data == mail("auto@x", "Alarm", **AUTOMATIC)


def test_a_lead_takes_a_mail_up_as_a_ticket_of_the_customer_named(visit, office, dropped) -> None:
    visitor = visit("lea", "lead")
    answer = send(
        visitor, dropped.mail, "open", name="Bob Stone", email="bob@example.com", subject="Bob's alarm"
    )
    assert answer.status_code == 302
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert (ticket.subject, ticket.requester_email) == ("Bob's alarm", "bob@example.com")
    page = visitor.get(answer.headers["Location"]).text
    assert "nothing had come of it, and Lea took it up by hand" in page
    assert "opened a ticket" in visitor.get(f"/mails/{dropped.mail}").text
    assert "Lea took the mail up by hand" in visitor.get(f"/audit/{ticket.number}").text


def test_a_lead_adds_a_mail_to_a_ticket_as_a_reply(visit, office, dropped) -> None:
    number = office.open_ticket()
    visitor = visit("lea", "lead")
    answer = send(visitor, dropped.mail, "add", ticket=f"#{number}", **{"as": "reply"})
    assert answer.headers["Location"].startswith(f"/tickets/{number}")
    (entry,) = office.casepath.reads.entries(office.desk.id, number)
    assert (entry.kind, entry.public, entry.author_kind) == ("reply", True, "customer")


def test_a_lead_dismisses_a_mail_with_a_reason(visit, dropped) -> None:
    visitor = visit("lea", "lead")
    answer = send(visitor, dropped.mail, "dismiss", reason="An alarm of the printer.")
    assert answer.headers["Location"] == "/mails?view=dropped"
    page = visitor.get("/mails?view=dismissed").text
    assert "Dismissed by Lea: An alarm of the printer." in page
    assert "Take it up as a ticket" in visitor.get(f"/mails/{dropped.mail}").text


@pytest.mark.parametrize(
    ("action", "typed", "sentence"),
    [
        ("open", {"name": "", "subject": "Long typed subject"}, "Say whose ticket it is."),
        ("open", {"name": "Bob", "email": "no", "subject": "Long typed subject"}, "Expected a mail address"),
        ("add", {"ticket": "none", "as": "reply"}, "Enter the number of a ticket, such as 4711."),
        ("add", {"ticket": "999999", "as": "reply"}, "there is no ticket 999999"),
        ("dismiss", {"reason": ""}, "Say why; it is kept in the desk&#39;s trail."),
    ],
)
def test_a_form_that_is_wrong_comes_back_as_it_was_typed(
    visit, dropped, action: str, typed: dict[str, str], sentence: str
) -> None:
    answer = send(visit("lea", "lead"), dropped.mail, action, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(f'value="{it}"' in answer.text for it in typed.values() if it)


def test_who_comes_second_is_told_who_was_quicker(visit, office, dropped) -> None:
    lea, ben = visit("lea", "lead"), visit("ben", "lead")
    seen = seen_on(ben.get(f"/mails/{dropped.mail}").text)
    send(lea, dropped.mail, "dismiss", reason="Noise.")
    answer = ben.post(
        f"/mails/{dropped.mail}/open", f"/mails/{dropped.mail}", seen=seen, name="Bob", subject="Alarm"
    )
    assert answer.status_code == 409
    assert "but Lea dismissed it at 12:00 UTC on 23 November 2026." in answer.text
    assert office.casepath.reads.tickets(office.desk.id).items == []


def test_owners_and_auditors_look_and_change_nothing(visit, dropped) -> None:
    for role in ("owner", "auditor"):
        visitor = visit(f"one_{role}", role)
        assert "Take it up" not in visitor.get(f"/mails/{dropped.mail}").text
        answer = visitor.post(f"/mails/{dropped.mail}/dismiss", "/mails", seen="dropped", reason="x")
        assert answer.status_code == 403


def test_the_mail_of_another_desk_is_not_there(visit, office, casepath, dropped) -> None:
    from engine.people import operator
    from tests.web.conftest import NOON, PACKS, Office, PackSource, read_pack

    pack = PackSource.from_files(read_pack(PACKS / "generic_desk").files)
    other = casepath.store.desks.add("elsewhere", "Elsewhere", pack.id, "Europe/Berlin", NOON)
    casepath.deployments.deploy(other.id, pack.files, operator())
    stranger = Office(casepath, other)
    stranger.person("eve", "lead")
    visitor = visit()
    visitor.post("/login", desk="elsewhere", login="eve", password="a good long password")
    for address in ("", ".eml"):
        assert visitor.get(f"/mails/{dropped.mail}{address}").status_code == 404
