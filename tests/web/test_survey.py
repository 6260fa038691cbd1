"""The survey: asked in a mail and on the customer's page, answered once, in its time, without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.links import follow_url
from engine.workers.connectors import Relay
from engine.workers.mail import compose
from tests.web.test_browser_lives import fire_due_timers
from tests.web.test_portal import link

SURVEY = "form/survey_answer"


@pytest.fixture
def surveyed(office) -> int:
    """A closed ticket whose customer is asked for a score."""
    office.person("lea", "lead")
    number = office.open_ticket()
    office.complete(number, "lea", category="bug_report", impact="low", urgency="low", sla_tier="standard")
    office.complete(
        number, "lea", result="solved", resolution_type="answer", answer="Pull the plug.", tags=[]
    )
    office.message(number, "customer_confirmation", satisfied=True)
    answer_services(office)
    return number


def answer_services(office) -> None:
    """Do what scheduler and worker do about services and mails, without the queue between them."""
    for job in office.casepath.store.outbox.claim(limit=1000, lease=timedelta(seconds=30)):
        if job.desk_id == office.desk.id:
            Relay(office.casepath).deliver(job.desk_id, job.id, job.next_at.isoformat())


def payloads(office, number: int) -> list[dict]:
    events = office.casepath.reads.trace(office.desk.id, number)
    return [
        it.values for it in events if it.data.get("name") == "survey_answer" and it.kind == "message_received"
    ]


def test_the_mail_of_the_survey_leads_to_its_page_and_the_trail_keeps_no_link(
    visit, office, surveyed
) -> None:
    (mail,) = [
        it for it in office.casepath.reads.mails(office.desk.id, surveyed) if it.template == "t_survey"
    ]
    own = follow_url("http://desk.example", office.casepath.settings.secret_key, office.desk.id, surveyed)
    assert "<follow:survey_answer>" in mail.body
    assert own.rsplit("/", 1)[1] not in mail.body
    letter = compose(mail.id, mail.stored, "desk@example.com", mail.at, own)
    text, html = (part.get_content() for part in letter.iter_parts())
    assert f"<{own}/{SURVEY}>" in text
    assert f'href="{own}/{SURVEY}"' in html
    assert visit().get(f"{link(office, surveyed)}/{SURVEY}").status_code == 200


def test_the_page_of_the_ticket_asks_for_the_score_while_the_process_waits(visit, office, surveyed) -> None:
    visitor, here = visit(), link(office, surveyed)
    page = visitor.get(here).text
    assert "How did we do?" in page
    assert f'href="{here}/{SURVEY}"' in page  # the mail as it stands in the conversation
    visitor.post(f"{here}/{SURVEY}", field__score="4", field__comment="Quick.")
    assert "How did we do?" not in visitor.get(here).text


def test_an_agent_reads_the_mail_without_the_customers_link(visit, office, surveyed) -> None:
    page = visit("ann").get(f"/tickets/{surveyed}").text
    assert "a link of the customer's own" in page
    assert "/follow/" not in page


def test_a_score_and_a_comment_reach_the_process_and_are_thanked_for(visit, office, surveyed) -> None:
    visitor, here = visit(), f"{link(office, surveyed)}/{SURVEY}"
    answer = visitor.post(here, field__score="2", field__comment="Slow.")
    assert (answer.status_code, answer.location) == (302, here)
    page = visitor.get(here).text
    assert "Thank you. Your answer reached us." in page
    assert "You answered this, Mon 23 Nov 2026" in page
    assert payloads(office, surveyed) == [{"score": 2, "comment": "Slow."}]
    assert office.task(surveyed).name == "Ask what went wrong"


def test_a_comment_may_be_left_out(visit, office, surveyed) -> None:
    visit().post(f"{link(office, surveyed)}/{SURVEY}", field__score="5", field__comment="")
    assert payloads(office, surveyed) == [{"score": 5, "comment": None}]


@pytest.mark.parametrize("score", ["", "0", "6", "five"])
def test_what_is_no_score_is_told_at_its_field_and_the_comment_is_kept(
    visit, office, surveyed, score
) -> None:
    answer = visit().post(f"{link(office, surveyed)}/{SURVEY}", field__score=score, field__comment="So so.")
    assert answer.status_code == 422
    assert 'href="#field-field:score"' in answer.text
    said = "Expected one of " if score else "Please answer: How satisfied are you with our help?"
    assert re.search(rf'id="error-field:score".*?{re.escape(said)}', answer.text, re.S)
    assert "So so.</textarea>" in answer.text
    assert payloads(office, surveyed) == []


def test_a_second_answer_is_told_that_the_first_one_counts(visit, office, surveyed) -> None:
    visitor, here = visit(), f"{link(office, surveyed)}/{SURVEY}"
    visitor.post(here, field__score="5", field__comment="")
    again = visitor.post(here, page=f"/help/{office.desk.key}", field__score="1", field__comment="")
    assert again.status_code == 409
    assert "You had answered this already" in again.text
    assert payloads(office, surveyed) == [{"score": 5, "comment": None}]


def test_the_same_form_sent_twice_answers_once_and_thanks_twice(visit, office, surveyed) -> None:
    visitor, here = visit(), f"{link(office, surveyed)}/{SURVEY}"
    page = visitor.get(here).text
    hidden = {
        name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf_token", "command_id")
    }
    for _ in range(2):
        answer = visitor.client.post(here, data={**hidden, "field:score": "4", "field:comment": ""})
        assert answer.status_code == 302
    assert len(payloads(office, surveyed)) == 1


def test_who_comes_after_the_time_is_told_kindly_that_it_is_over(visit, office, surveyed) -> None:
    visitor, here = visit(), f"{link(office, surveyed)}/{SURVEY}"
    office.forward(timedelta(days=14, minutes=1))
    fire_due_timers(office)
    assert "the time to answer this ended" in visitor.get(here).text
    late = visitor.post(here, page=f"/help/{office.desk.key}", field__score="5", field__comment="")
    assert late.status_code == 409
    assert "We would have liked to hear from you" in late.text


def test_what_was_never_asked_says_so_and_what_is_no_question_is_not_found(visit, office) -> None:
    here = link(office, office.open_ticket())
    assert "We don&#39;t ask you this at the moment." in visit().get(f"{here}/{SURVEY}").text
    assert visit().get(f"{here}/form/no_such_question").status_code == 404
    assert visit().get(f"{here}x/{SURVEY}").status_code == 404


def test_a_form_of_the_desk_that_no_message_is_named_after_is_no_question(visit, office, surveyed) -> None:
    here = f"{link(office, surveyed)}/form/follow_up"
    visit().post(f"{link(office, surveyed)}/{SURVEY}", field__score="1", field__comment="")
    answer = visit().post(
        here, page=f"/help/{office.desk.key}", field__follow_up_note="As if I were the lead."
    )
    assert answer.status_code == 409
    assert office.task(surveyed).name == "Ask what went wrong"
