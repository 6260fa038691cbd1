"""A confirmation and the words that come with it: one step, in one order, heard by one catcher."""

from __future__ import annotations

import pytest

from engine.people import operator
from tests.web.test_portal import link

ASKS_AGAIN = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
  <bpmn:message id="m_confirmation" name="customer_confirmation" />
  <bpmn:message id="m_reply" name="customer_reply" />
  <bpmn:process id="asks_again" name="Asks again" isExecutable="true">
    <bpmn:startEvent id="opened"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:receiveTask id="confirm" name="Confirmed?" messageRef="m_confirmation">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:receiveTask id="hear" name="Wait for a word" messageRef="m_reply">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:endEvent id="over"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="opened" targetRef="confirm" />
    <bpmn:sequenceFlow id="f2" sourceRef="confirm" targetRef="hear" />
    <bpmn:sequenceFlow id="f3" sourceRef="hear" targetRef="over" />
  </bpmn:process>
</bpmn:definitions>
"""
MANIFEST = b"""id = "generic_desk"
title = "Asks again"
time_zone = "UTC"
process = "asks_again"
[states]
new = "New"
[channels]
web = "Web"
"""


@pytest.fixture
def asking(office) -> int:
    """A ticket whose process waits for a confirmation, and right after it for any word of the customer."""
    pack = {"pack.toml": MANIFEST, "bpmn/asks_again.bpmn": ASKS_AGAIN}
    office.casepath.deployments.deploy(office.desk.id, pack, operator())
    return office.open_ticket(process="asks_again")


def test_words_that_come_with_a_confirmation_are_no_answer_to_what_is_asked_after_it(
    visit, office, asking
) -> None:
    visitor, here = visit(), link(office, asking)
    assert visitor.post(f"{here}/confirm", page=here, solved="no", comment="Still red.").status_code == 302
    assert office.casepath.reads.awaited_messages(office.desk.id, asking) == ["customer_reply"]
    (entry,) = office.casepath.reads.entries(office.desk.id, asking)
    assert (entry.author_kind, entry.body) == ("customer", "Still red.")


def test_the_trail_tells_the_words_before_what_they_brought_about(visit, office, asking) -> None:
    visitor, here = visit(), link(office, asking)
    visitor.post(f"{here}/confirm", page=here, solved="no", comment="Still red.")
    events = office.casepath.reads.trace(office.desk.id, asking)
    kinds = [event.kind for event in events]
    said, heard = kinds.index("entry_added"), kinds.index("message_received")
    assert said < heard
    assert events[said].command_id == events[heard].command_id
    assert events[heard].values["entry"] == events[said].data["entry"]


def test_a_confirmation_without_words_adds_no_entry(visit, office, asking) -> None:
    visitor, here = visit(), link(office, asking)
    visitor.post(f"{here}/confirm", page=here, solved="yes", comment="")
    assert office.casepath.reads.entries(office.desk.id, asking) == []


def test_words_of_a_confirmation_that_nobody_waits_for_are_not_kept_either(visit, office, asking) -> None:
    visitor, here = visit(), link(office, asking)
    visitor.post(f"{here}/confirm", page=here, solved="yes", comment="")
    answer = visitor.post(f"{here}/confirm", page=here, solved="no", comment="Too late.")
    assert answer.status_code == 409
    assert "Too late." in answer.text
    assert office.casepath.reads.entries(office.desk.id, asking) == []
