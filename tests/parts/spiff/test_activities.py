"""Each activity of the allow-list: what it opens, what it hands in, and what it writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.spiff import RunRefused, ServiceWait, TaskWait

from .drawing import draw, extension, mapping, message, node, on_message, on_timer, script
from .playing import NOON, begin

COMPUTED_DUE = '<zeebe:taskSchedule dueDate="=until" />'


def user(id: str, *says: str, **attributes: str) -> str:
    return node("user", id, extension("".join(says)) if says else "", **attributes)


def test_a_user_task_opens_with_what_the_diagram_says_of_it() -> None:
    task = user(
        "work",
        "<zeebe:userTask />",
        '<zeebe:formDefinition formId="resolve" />',
        '<zeebe:assignmentDefinition assignee="=agent" candidateGroups="tier1, billing" />',
        '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT4H&quot;)" />',
        '<zeebe:priorityDefinition priority="70" />',
        mapping({"subject": "=ticket.subject", "short": "=substring(subject, 1, 6)"}),
        name="Resolve ticket",
    )
    play = begin(draw(f"start s; {task}; end e", "s>work>e"), ticket={"subject": "Router dead"}, agent="ann")
    wait = play.wait("work")
    assert isinstance(wait, TaskWait)
    assert (wait.name, wait.form, wait.assignee, wait.priority) == ("Resolve ticket", "resolve", "ann", 70)
    assert wait.candidate_groups == ("tier1", "billing")
    assert (wait.due, wait.since) == (datetime(2026, 11, 23, 16, tzinfo=UTC), NOON)
    assert wait.variables == {"subject": "Router dead", "short": "Router"}
    assert play.what("task_opened")[0]["task"] == str(wait.id)
    assert "subject" not in play.variables


def test_a_literal_due_date_is_taken_to_utc() -> None:
    task = user("work", '<zeebe:taskSchedule dueDate="2026-12-04T19:30:00-05:00" />')
    play = begin(draw(f"start s; {task}; end e", "s>work>e"))
    assert play.wait("work").due == datetime(2026, 12, 5, 0, 30, tzinfo=UTC)


def test_a_due_date_may_be_computed_as_a_text_or_a_moment_and_null_means_none() -> None:
    """A form, a message and a service can only write texts."""
    play = begin(
        draw(f"start s; {user('work', COMPUTED_DUE)}; end e", "s>work>e"), until="2026-12-04T19:30:00Z"
    )
    assert play.wait("work").due == datetime(2026, 12, 4, 19, 30, tzinfo=UTC)
    play = begin(draw(f"start s; {user('work', COMPUTED_DUE)}; end e", "s>work>e"), until=None)
    assert play.wait("work").due is None


@pytest.mark.parametrize(
    ("until", "given"), [("tomorrow", "'tomorrow'"), ("2026-12-04", "'2026-12-04'"), (True, "true")]
)
def test_a_due_date_that_is_no_moment_waits_for_help(until: object, given: str) -> None:
    play = begin(draw(f"start s; {user('work', COMPUTED_DUE)}; end e", "s>work>e"), until=until)
    assert f"to give a moment with its zone, or null, but it gives {given}" in play.failures["work"]


def test_groups_may_be_computed_and_null_means_none() -> None:
    tasks = [user(f"t{i}", f'<zeebe:assignmentDefinition candidateGroups="{text}" />')
             for i, text in enumerate(["=[queue, &quot;lead&quot;]", "=nobody"])]  # fmt: skip
    play = begin(draw(f"start s; {'; '.join(tasks)}; end e", "s>t0>t1>e"), queue="tier1")
    assert play.wait("t0").candidate_groups == ("tier1", "lead")
    play.complete("t0")
    assert play.wait("t1").candidate_groups == ()


def test_an_assignee_that_is_no_text_leaves_the_token_waiting_for_help() -> None:
    task = user("work", '<zeebe:assignmentDefinition assignee="=1 + 1" />')
    play = begin(draw(f"start s; {task}; end e", "s>work>e"))
    assert "assignee '=1 + 1' to give a text or null, but it gives 2" in play.failures["work"]
    assert play.path("task_opened") == []


def test_results_go_to_the_process_and_output_mappings_choose() -> None:
    plain, chosen = user("a"), user("b", mapping(outputs={"total": "=price * 2", "note": "=note"}))
    play = begin(draw(f"start s; {plain}; {chosen}; end e", "s>a>b>e"))
    play.complete("a", price=10, colour="red")
    assert play.variables == {"price": 10, "colour": "red"}
    play.complete("b", price=7, note=None, draft="gone")
    assert play.variables == {"price": 10, "colour": "red", "total": 14, "note": None}


def test_each_mapping_sees_those_before_it() -> None:
    task = user("a", mapping({"x": "=n + 1", "y": "=x * 2"}, {"n": "=y", "m": "=n + 1"}))
    play = begin(draw(f"start s; {task}; end e", "s>a>e"), n=1)
    assert play.wait("a").variables == {"x": 2, "y": 4}
    play.complete("a")
    assert play.variables == {"n": 4, "m": 5}


def test_a_result_with_the_name_of_an_input_stays_local_unless_mapped_out() -> None:
    local, mapped = user("a", mapping({"x": "=x"})), user("b", mapping({"x": "=x"}, {"x": "=x"}))
    play = begin(draw(f"start s; {local}; {mapped}; end e", "s>a>b>e"), x=1)
    play.complete("a", x=2)
    assert play.variables == {"x": 1}
    play.complete("b", x=3)
    assert play.variables == {"x": 3}


def test_a_service_task_asks_its_handler_and_goes_on_with_the_answer() -> None:
    service = node(
        "service",
        "refund",
        extension(
            '<zeebe:taskDefinition type="refund" retries="5" />'
            + mapping({"amount": "=ticket.amount"}, {"refund_id": "=id"})
        ),
    )
    play = begin(draw(f"start s; {service}; user after; end e", "s>refund>after>e"), ticket={"amount": 12.5})
    wait = play.wait("refund")
    assert isinstance(wait, ServiceWait)
    assert (wait.type, wait.retries, wait.inputs) == ("refund", 5, {"amount": Decimal("12.5")})
    requested = next(it for it in play.happenings if it.kind == "service_requested")
    assert dict(requested.values) == {"amount": Decimal("12.5")}
    play.complete("refund", id="R-1", status="ok")
    assert play.variables["refund_id"] == "R-1"
    assert "status" not in play.variables


def test_a_script_writes_one_variable_or_each_entry_of_its_context() -> None:
    one, many = script("one", "=a + 1", "b"), script("many", '={c: b * 2, d: "x" + "y"}')
    play = begin(draw(f"start s; {one}; {many}; end e", "s>one>many>e"), a=1)
    assert play.variables == {"a": 1, "b": 2, "c": 4, "d": "xy"}


def test_a_script_that_is_no_context_leaves_the_token_waiting_for_help() -> None:
    play = begin(draw(f"start s; {script('one', '=1')}; end e", "s>one>e"))
    assert play.failures == {"one": "At 'one': Expected script '=1' to give a context, but it gives 1."}


def test_a_script_that_fails_writes_null_as_feel_has_it() -> None:
    play = begin(draw(f"start s; {script('one', '=a.b.c', 'r')}; end e", "s>one>e"), a=1)
    assert play.variables == {"a": 1, "r": None}


def test_a_business_rule_asks_a_decision_with_what_is_visible() -> None:
    asked = []

    def decide(decision: str, variables: dict[str, object], now: datetime) -> object:
        asked.append((decision, variables, now))
        return {"queue": "tier2"}

    rule = node(
        "rule",
        "triage",
        extension(
            '<zeebe:calledDecision decisionId="d_triage" resultVariable="r" />'
            + mapping({"kind": '="mail"'}, {"queue": "=r.queue"})
        ),
    )
    play = begin(draw(f"start s; {rule}; end e", "s>triage>e"), decide=decide, category="billing")
    assert asked == [("d_triage", {"kind": "mail", "category": "billing"}, NOON)]
    assert play.variables == {"category": "billing", "queue": "tier2"}
    assert play.what("decided")[0]["decision"] == "d_triage"


def test_a_decision_that_explains_itself_leaves_its_rules_in_the_trail() -> None:
    class Explained:
        value = "P1"
        matched = {"priority": ("rule 2",)}  # noqa: RUF012

    rule = node("rule", "r", extension('<zeebe:calledDecision decisionId="d" resultVariable="p" />'))
    play = begin(draw(f"start s; {rule}; end e", "s>r>e"), decide=lambda *_: Explained())
    assert play.variables == {"p": "P1"}
    assert play.what("decided")[0]["rules"] == {"priority": ["rule 2"]}


def test_a_send_task_asks_for_its_template_and_goes_on() -> None:
    send = node("send", "ack", extension(mapping({"name": "=customer"})), casepath_template="t_ack")
    play = begin(draw(f"start s; {send}; end e", "s>ack>e"), customer="Ann")
    asked = next(it for it in play.happenings if it.kind == "send_requested")
    assert asked.data["template"] == "t_ack"
    assert dict(asked.values) == {"name": "Ann", "customer": "Ann"}
    assert play.run.ended == "completed"


def telling(number: str) -> bytes:
    attributes = {
        "casepath_template": "t",
        "casepath_relation": "caused_by",
        "casepath_relatedTicket": number,
    }
    return draw(f"start s; {node('send', 'tell', **attributes)}; end e", "s>tell>e")


def test_a_send_task_links_its_ticket_to_the_one_that_it_tells_of() -> None:
    play = begin(telling("=incident"), incident=Decimal(7))
    assert [(it["kind"], it["other"]) for it in play.what("ticket_related")] == [("caused_by", 7)]
    assert begin(telling("=incident")).what("ticket_related") == []


@pytest.mark.parametrize("number", ['="seven"', "=7.5"])
def test_a_send_task_that_links_to_no_number_stays_there(number: str) -> None:
    play = begin(telling(number))
    (failed,) = [it for it in play.happenings if it.kind == "failed"]
    assert "related ticket" in failed.values["message"]
    assert play.what("send_requested") == []


def test_the_outputs_of_a_task_know_who_completed_it() -> None:
    task = node("user", "answer", extension(mapping(outputs={"agent": "=completed_by", "text": "=text"})))
    play = begin(draw(f"start s; {task}; end e", "s>answer>e"))
    play.run.complete(play.wait("answer").id, {"text": "Hello"}, by="7d4c")
    assert play.variables == {"agent": "7d4c", "text": "Hello"}


def test_who_completed_a_task_is_no_variable_unless_an_output_keeps_it() -> None:
    play = begin(draw("start s; user t; end e", "s>t>e"))
    play.run.complete(play.wait("t").id, {"text": "Hello"}, by="7d4c")
    assert play.variables == {"text": "Hello"}


def test_a_send_task_keeps_what_its_outputs_say_was_sent() -> None:
    ways = mapping({"name": "=customer"}, {"sent": '="to " + name'})
    send = node("send", "ack", extension(ways), casepath_template="t_ack")
    play = begin(draw(f"start s; {send}; end e", "s>ack>e"), customer="Ann")
    assert play.variables == {"customer": "Ann", "sent": "to Ann"}


def test_what_a_called_process_sends_sees_its_own_variables() -> None:
    call = node("call", "c", extension('<zeebe:calledElement processId="inner" />'))
    script = node(
        "script", "work_out", extension('<zeebe:script expression="=6 * 7" resultVariable="answer" />')
    )
    send = node("send", "tell", casepath_template="t_answer")
    inner = draw(f"start i; {script}; {send}; end j", "i>work_out>tell>j", key="inner")
    play = begin(draw(f"start s; {call}; end e", "s>c>e"), inner, customer="Ann")
    asked = next(it for it in play.happenings if it.kind == "send_requested")
    assert dict(asked.values) == {"customer": "Ann", "answer": 42}


def test_a_receive_task_waits_for_its_message_and_writes_what_it_brings() -> None:
    receive = node("receive", "confirm", extension(mapping(outputs={"happy": "=answer"})), messageRef="m")
    play = begin(
        draw(f"start s; {receive}; end e", "s>confirm>e", message("m", "confirmed", "=ticket.id")),
        ticket={"id": 4711},
    )
    wait = play.wait("confirm")
    assert (wait.name, wait.key) == ("confirmed", "4711")
    play.deliver("confirm", answer=True)
    assert play.variables["happy"] is True
    assert "answer" not in play.variables
    assert [it["subscription"] for it in play.what("message_ended")] == [str(wait.id)]


def test_a_message_key_of_null_leaves_the_token_waiting_for_help() -> None:
    receive = node("receive", "confirm", messageRef="m")
    play = begin(draw(f"start s; {receive}; end e", "s>confirm>e", message("m", key="=nothing")))
    expected = "message key '=nothing' to give a text or a number, but it gives null"
    assert expected in play.failures["confirm"]
    assert play.path("message_awaited") == []


def test_states_are_set_on_entry() -> None:
    task = node("user", "work", casepath_state="in_progress")
    play = begin(draw(f"start s; {task}; end e", "s>work>e"))
    assert play.path("entered", "state_set", "task_opened") == ["s", "work", "work", "work"]
    assert play.what("state_set")[0]["state"] == "in_progress"


def test_boundary_events_are_armed_after_the_task_is_open_and_end_with_it() -> None:
    play = begin(draw(f"start s; user work; end e; {on_timer('late', 'work', 'PT1H')}", "s>work>e late>e"))
    assert play.path("task_opened", "timer_armed") == ["work", "late"]
    play.complete("work")
    assert play.path("timer_cancelled") == ["late"]
    assert play.waiting == []


def test_an_event_on_the_boundary_does_not_see_the_inputs_of_its_activity() -> None:
    task = user("work", mapping({"after": '="PT9H"', "who": '="inner"'}))
    events = [on_timer("late", "work", "=after"), on_message("mail", "work", "m")]
    source = draw(
        f"start s; {task}; {'; '.join(events)}; end e", "s>work>e late>e mail>e", message("m", key="=who")
    )
    play = begin(source, after="PT1H", who="outer")
    assert play.wait("late").due == NOON + timedelta(hours=1)
    assert play.wait("mail").key == "outer"


def test_a_variable_that_cannot_be_kept_is_refused_by_name() -> None:
    play = begin(draw("start s; user work; end e", "s>work>e"))
    with pytest.raises(RunRefused, match="variable 'draw' to be data"):
        play.run.complete(play.wait("work").id, {"draw": object()})


def test_what_comes_in_is_checked_before_an_output_mapping_sees_it() -> None:
    task = user("work", mapping(outputs={"a": "=1"}))
    play = begin(draw(f"start s; {task}; end e", "s>work>e"))
    with pytest.raises(RunRefused, match="variable 'draw' to be data"):
        play.run.complete(play.wait("work").id, {"draw": object()})
