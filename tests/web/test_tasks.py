"""The task page: the form is judged on the server, nothing typed is lost, and nothing is done twice."""

import re
from uuid import uuid4

import pytest

TRIAGE = {
    "field__category": "bug_report",
    "field__product_service": "Router 7",
    "field__impact": "high",
    "field__urgency": "medium",
    "field__sla_tier": "standard",
}


@pytest.fixture
def opened(office) -> int:
    return office.open_ticket()


def address(office, number: int, step: str = "") -> str:
    return f"/tasks/{office.task(number).id}{step}"


def test_the_page_says_what_to_do_and_shows_the_ticket(visit, office, opened) -> None:
    page = visit("ann", queues=("tier1",)).get(address(office, opened)).text
    assert "Triage ticket" in page
    assert "Read the ticket, choose its category" in page
    assert "Ann Meyer" in page
    assert "It blinks red." in page
    assert 'name="field:category"' in page


def test_a_completed_form_moves_the_ticket_on(visit, office, opened) -> None:
    visitor = visit("ann", queues=("tier1",))
    answer = visitor.post(address(office, opened, "/complete"), page=address(office, opened), **TRIAGE)
    assert answer.location == "/inbox"
    assert office.task(opened).name == "Resolve ticket"
    assert office.casepath.reads.ticket(office.desk.id, opened).category == "bug_report"


def test_missing_and_wrong_fields_are_told_each_at_its_place_and_nothing_is_lost(
    visit, office, opened
) -> None:
    visitor = visit("ann", queues=("tier1",))
    wrong = {"field__product_service": "Router 7", "field__impact": "enormous", "field__urgency": "medium"}
    answer = visitor.post(address(office, opened, "/complete"), page=address(office, opened), **wrong)
    assert answer.status_code == 422
    assert 'href="#field-field:category"' in answer.text
    assert 'href="#field-field:impact"' in answer.text
    assert 'value="Router 7"' in answer.text
    assert office.task(opened).name == "Triage ticket"


def test_an_extra_field_is_refused_by_name(visit, office, opened) -> None:
    visitor = visit("ann", queues=("tier1",))
    more = {**TRIAGE, "field__discount": "100"}
    answer = visitor.post(address(office, opened, "/complete"), page=address(office, opened), **more)
    assert answer.status_code == 422
    assert "discount" in answer.text


def test_what_was_refused_is_still_there_on_the_next_visit(visit, office, opened) -> None:
    visitor = visit("ann", queues=("tier1",))
    visitor.post(
        address(office, opened, "/complete"), page=address(office, opened), field__product_service="Router 7"
    )
    assert 'value="Router 7"' in visitor.get(address(office, opened)).text


def test_a_draft_is_kept_while_one_types_and_gone_once_the_task_is_done(visit, office, opened) -> None:
    visitor = visit("ann", queues=("tier1",))
    here, task = address(office, opened), office.task(opened)
    kept = visitor.post(f"{here}/draft", page=here, field__product_service="half a sen")
    assert kept.location == here
    assert 'value="half a sen"' in visitor.get(here).text
    visitor.post(f"{here}/complete", page=here, **TRIAGE)
    assert office.casepath.drafts.of(office.desk.id, task.id, office.people["ann"].id) is None


def test_sending_the_same_form_twice_completes_it_once(visit, office, opened) -> None:
    visitor = visit("ann", queues=("tier1",))
    here, page = address(office, opened), visitor.get(address(office, opened)).text
    data = {name.replace("__", ":"): value for name, value in TRIAGE.items()}
    data |= dict(
        re.findall(r'name="(csrf_token|command_id|revision)" value="([^"]+)"', page.split('/complete"')[1])
    )
    first = visitor.client.post(f"{here}/complete", data=data)
    second = visitor.client.post(f"{here}/complete", data=data)
    assert (first.status_code, second.status_code) == (302, 302)
    completed = [
        it for it in office.casepath.reads.trace(office.desk.id, opened) if it.kind == "task_completed"
    ]
    assert len(completed) == 1


def test_the_second_to_complete_is_told_who_was_first_and_when_and_keeps_the_words(
    visit, office, opened
) -> None:
    ann, bob = visit("ann", queues=("tier1",)), visit("bob", queues=("tier1",))
    here = address(office, opened)
    page = bob.get(here).text
    ann.post(f"{here}/complete", page=here, **TRIAGE)
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    typed = {"csrf_token": token, "command_id": str(uuid4()), "field:product_service": "My long description"}
    answer = bob.client.post(f"{here}/complete", data=typed)
    assert answer.status_code == 409
    assert "Ann completed this task before you" in answer.text
    assert "13:00 CET" in answer.text
    assert "My long description" in answer.text


def test_a_task_that_somebody_else_holds_is_shown_and_not_offered(visit, office, opened) -> None:
    visitor = visit("bob", queues=("tier1",))
    office.person("ann", "agent", queues=("tier1",))
    office.claim(opened, "ann")
    page = visitor.get(address(office, opened)).text
    assert "Ann holds this task" in page
    assert "data-draft-url" not in page


def test_somebody_of_another_queue_may_not_complete_it(visit, office, opened) -> None:
    visitor = visit("bob", queues=("tier2",))
    answer = visitor.post(address(office, opened, "/complete"), page=address(office, opened), **TRIAGE)
    assert answer.status_code == 403
    assert "Router 7" in answer.text, "what was typed must still stand there"


def test_complete_and_next_opens_the_next_task(visit, office, opened) -> None:
    other = office.open_ticket("Another one")
    visitor = visit("ann", queues=("tier1",))
    answer = visitor.post(
        address(office, opened, "/complete"), page=address(office, opened), intent="next", **TRIAGE
    )
    following = visitor.get(answer.location).text
    assert f"#{other} " in following or "Resolve ticket" in following


def test_a_lead_gives_a_task_to_somebody(visit, office, opened) -> None:
    visitor = visit("lea", "lead")
    bob = office.person("bob", "agent", queues=("tier1",))
    visitor.post(address(office, opened, "/assign"), page=address(office, opened), person=str(bob.id))
    assert office.task(opened).assignee == bob.id


def test_an_auditor_reads_a_task_and_is_offered_nothing(visit, office, opened) -> None:
    page = visit("otto", "auditor").get(address(office, opened)).text
    assert "Triage ticket" in page
    assert "Complete and next" not in page


def test_a_task_of_another_desk_is_not_found(visit, office, opened) -> None:
    assert visit("ann").get(f"/tasks/{uuid4()}").status_code == 404
