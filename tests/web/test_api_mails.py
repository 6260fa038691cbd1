"""Mails by the API: listed, read and decided about, each once."""

from __future__ import annotations

import pytest

from tests.web.test_api import Program, lead
from tests.web.test_mailed import mail, take
from tests.web.test_mails import AUTOMATIC, dropped

__all__ = ["dropped", "lead", "take"]
CARA = {"name": "Cara Client", "email": "cara@example.com"}
OPEN = {"seen": "dropped", "subject": "Disk", "requester": CARA}


def test_mails_are_listed_by_outcome_kind_and_sender(lead, take, dropped) -> None:
    take(mail("1@x", "A question"))
    for query, subjects in (
        ({}, ["A question", "Alarm"]),
        ({"state": "dropped"}, ["Alarm"]),
        ({"nature": "automatic"}, ["Alarm"]),
        ({"sender": "Ann@example.com", "state": "opened"}, ["A question"]),
        ({"sender": "eve@example.com"}, []),
    ):
        listed = lead.ask("list_mails", query=query).json["items"]
        assert sorted(it["subject"] for it in listed) == subjects
    assert lead.ask("list_mails", query={"state": "lost"}).status_code == 422


def test_a_mail_is_read_with_its_text_headers_and_files(lead, dropped) -> None:
    seen = lead.ask("read_mail", id=dropped.mail).json
    assert (seen["text"], seen["state"], seen["nature"]) == ("It blinks.", "dropped", "automatic")
    assert {"name": "Auto-Submitted", "text": "auto-generated"} in seen["headers"]
    (file,) = seen["attachments"]
    assert lead.ask("read_mail_attachment", id=dropped.mail, file=file["id"]).data == b"<script>1</script>"
    assert lead.ask("read_raw_mail", id=dropped.mail).data == mail("auto@x", "Alarm", **AUTOMATIC)


def test_a_mail_is_taken_up_once_for_a_key_and_a_second_program_is_told(app, office, lead, dropped) -> None:
    first, again = (lead.ask("open_mail", OPEN, once="a", id=dropped.mail).json for _ in range(2))
    assert (first["ticket"], again["repeated"]) == (again["ticket"], True)
    other = Program(app, office, "ben", "lead")
    for name, body in (
        ("open_mail", OPEN),
        ("add_mail", {"seen": "dropped", "ticket": first["ticket"], "kind": "note"}),
        ("dismiss_mail", {"seen": "dropped", "reason": "Noise."}),
    ):
        refused = other.ask(name, body, id=dropped.mail)
        assert refused.status_code == 409
        assert f"but Lea opened ticket {first['ticket']} with it at 12:00" in refused.json["detail"]


def test_a_mail_is_added_to_a_ticket_or_dismissed(lead, office, take, dropped) -> None:
    number = office.open_ticket()
    body = {"seen": "dropped", "ticket": number, "kind": "note"}
    assert lead.ask("add_mail", body, id=dropped.mail).json["ticket"] == number
    other = take(mail("b@x", "Alarm", **AUTOMATIC)).mail
    told = lead.ask("dismiss_mail", {"seen": "dropped", "reason": "Noise."}, id=other).json
    assert (told["state"], told["decided_by_name"], told["decided_why"]) == ("dismissed", "Lea", "Noise.")


@pytest.mark.parametrize("name", ["open_mail", "add_mail", "dismiss_mail", "list_mails", "read_mail"])
def test_agents_have_no_part_in_it(app, office, dropped, name: str) -> None:
    agent = Program(app, office, "ann", "agent")
    assert agent.ask(name, {} if name.endswith("_mail") else None, id=dropped.mail).status_code == 403


def test_a_wrong_body_names_each_field(lead, dropped) -> None:
    refused = lead.ask("open_mail", {"seen": "opened", "subject": ""}, id=dropped.mail)
    assert refused.status_code == 422
    assert {it["field"] for it in refused.json["errors"]} == {"seen", "subject", "requester"}
    unknown = lead.ask("add_mail", {"seen": "dropped", "ticket": 999_999, "kind": "note"}, id=dropped.mail)
    assert [it["field"] for it in unknown.json["errors"]] == ["ticket"]
