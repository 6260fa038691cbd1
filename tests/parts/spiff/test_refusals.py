"""What is refused, where, and with which advice: nothing that Casepath doesn't run is ever ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.spiff import DiagramRefused, Finding, Program, check_diagram, read_deployed
from engine.spiff.schema import against_schema

from .drawing import (
    definitions,
    draw,
    extension,
    level,
    mapping,
    node,
    on_message,
    on_timer,
    process,
    script,
    timer,
)
from .refusing import INSIDE, assert_refused, findings, with_boundary, with_sub, with_task

DIAGRAMS = Path(__file__).parents[2] / "diagrams"


REFUSED = {
    # elements that are not on the list
    "task": (with_task(kind="task"), "not-supported", "'it' is a task"),
    "manual task": (with_task(kind="manualTask"), "not-supported", "'it' is a manual task"),
    "complex gateway": (with_task(kind="complexGateway"), "not-supported", "'it' is a complex gateway"),
    "ad-hoc": (with_task("<userTask id='t' />", kind="adHocSubProcess"), "not-supported", "'it' is an ad hoc sub"),
    "io specification": (
        with_task("<ioSpecification><inputSet /><outputSet /></ioSpecification>"), "not-supported", "io specification"
    ),
    "Python script": (
        with_task(extension('<zeebe:script expression="={}" />') + "<script>import os</script>", "script"),
        "not-supported", "'it' has a script",
    ),
    "data store": (
        draw("start s; end e; <dataStoreReference id='it' />", "s>e"), "not-supported", "'it' is a data store"
    ),
    # events of the wrong kind, or in the wrong place
    "timer start": (
        draw(f"{node('start', 'it', timer('duration', 'PT1H'))}; end e", "it>e"),
        "not-supported", "no timer event at a start event",
    ),
    "empty boundary": (
        with_boundary(node("boundary", "it", "", attachedToRef="a")), "not-supported", "but it has 0 events"
    ),
    "two events at once": (
        with_boundary(node("boundary", "it", timer("duration", "PT1H") + '<messageEventDefinition messageRef="m" />',
                           attachedToRef="a")),
        "not-supported", "but it has 2 events",
    ),
    # attributes that would change what an element does
    "start quantity": (with_task(startQuantity="2"), "not-supported", "startQuantity='2'"),
    "instantiating receive": (
        with_task(kind="receive", messageRef="m", instantiate="true"), "not-supported", "instantiate='true'"
    ),
    # settings that nobody would read
    "candidate users": (
        with_task(extension('<zeebe:assignmentDefinition candidateUsers="ann" />')), "not-read", "candidateUsers"
    ),
    "execution listener": (
        with_task(extension("<zeebe:executionListeners />")), "not-read", "zeebe:executionListeners"
    ),
    "Camunda 7": (
        with_task(extension('<x:formData xmlns:x="http://camunda.org/schema/1.0/bpmn" />')), "not-read", "Camunda 7"
    ),
    "SpiffWorkflow": (
        with_task(extension('<x:preScript xmlns:x="http://spiffworkflow.org/bpmn/schema/1.0/core" />')),
        "not-read", "SpiffWorkflow",
    ),
    "template on a user task": (with_task(casepath_template="t_ack"), "not-read", "casepath:template"),
    # what must be said
    "service without type": (with_task(kind="service"), "required", "the type of a handler"),
    "script without text": (with_task(kind="script"), "required", "a FEEL expression"),
    "rule without decision": (with_task(kind="rule"), "required", "a decision"),
    "rule without result": (
        with_task(extension('<zeebe:calledDecision decisionId="d" />'), "rule"), "required", "a result variable"
    ),
    "send without template": (with_task(kind="send"), "required", "a message template"),
    "receive without message": (with_task(kind="receive"), "required", "a message"),
    "call without process": (with_task(kind="call"), "required", "a called process"),
    "computed call": (
        with_task(extension('<zeebe:calledElement processId="=x" />'), "call"), "required", "by its id"
    ),
    "empty timer": (with_boundary(on_timer("it", "a", "")), "timer", "its timer is empty"),
    "nonsense timer": (with_boundary(on_timer("it", "a", "P1M1M")), "timer", "but found P1M1M"),
    "half a month": (with_boundary(on_timer("it", "a", "P0.5M")), "timer", "but found P0.5M"),
    "negative timer": (with_boundary(on_timer("it", "a", "-PT1H")), "timer", "forward in time"),
    "local date": (with_boundary(on_timer("it", "a", "2026-12-04T19:30:00", "date")), "timer", "with its zone"),
    "local moment": (
        with_boundary(on_timer("it", "a", '=date and time("2026-12-04T19:30:00")', "date")), "timer", "with its zone"
    ),
    "cron": (
        with_boundary(on_timer("it", "a", "0 9 13 * FRI", "cycle", interrupting=False)), "timer", "names both"
    ),
    "interrupting cycle": (with_boundary(on_timer("it", "a", "R3/PT1H", "cycle")), "timer", "to fire once"),
    "standing cycle": (
        with_boundary(on_timer("it", "a", "R3/PT0S", "cycle", interrupting=False)), "timer", "leads forward"
    ),
    "no rounds": (
        with_boundary(on_timer("it", "a", "R0/PT1H", "cycle", interrupting=False)), "timer", "at least one round"
    ),
    "priority": (with_task(extension('<zeebe:priorityDefinition priority="high" />')), "number", "found 'high'"),
    "variable name": (with_task(extension(mapping({"a b": "=1"}))), "variable-names", "writes to 'a b'"),
    # references
    "boundary on nothing": (with_boundary(on_timer("it", "gone", "PT1H")), "references", "there is no 'gone' here"),
    "unknown message": (with_boundary(on_message("it", "a", "gone")), "references", "there is no message 'gone'"),
    "bad default": (draw("start s; <exclusiveGateway id='it' default='gone' />; end e", "s>it>e"),
                    "references", "the default flow 'gone'"),
    # levels
    "nothing to start with": (
        definitions(process("it", level("user a; end e", "a>e"))), "start", "'it' to have a start event"
    ),
    "two plain starts": (draw("start s; start it; end e", "s>e it>e"), "start", "'it' is a further one"),
    "no end": (definitions(process("it", level("start s; user a", "s>a"))), "end", "'it' to have an end event"),
    "message start in a sub-process": (
        with_sub(level(node("start", "in", '<messageEventDefinition messageRef="m" />') + "; end ei", "in>ei", "g")
                 ).replace(b'"it"', b'"sp"').replace(b'"in"', b'"it"'),
        "start", "a plain start event in 'sp'",
    ),
    "unreachable": (draw("start s; user it; end e", "s>e it>e"), "reachable", "a way from a start event to 'it'"),
    "gateway to nowhere": (draw("start s; xor g; xor it; end e", "s>g g>e * g>it [x]"), "end", "it stops at 'it'"),
    "flow into a start": (draw("start s; start it; end e", "s>it>e"), "edges", "nothing to lead into 'it'"),
    "flow out of an end": (draw("start s; end it; end e", "s>it>e"), "edges", "nothing to lead out of 'it'"),
    # choices and forks
    "lone condition": (draw("start s; xor it; end e", "s>it it>e [x]"), "gateway-default", "its only flow"),
    "no default": (
        draw("start s; xor it; end e; end f", "s>it it>e [x] it>f [y]"), "gateway-default", "none of its 2 flows"
    ),
    "no way out of a task": (
        draw("start s; user it; end e; end f", "s>it it>e [x] it>f [y]"), "gateway-default", "when no condition"
    ),
    "not executable": (
        draw("start s; end e", "s>e", key="it").replace(b'"true"', b'"false"'), "process", "to be executable"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_id_line_and_sentence(name: str) -> None:
    assert_refused(*REFUSED[name])


def test_a_condition_without_gateway_default_or_place_is_refused_at_its_flow() -> None:
    missing = findings(draw("start s; xor g; end e; end f", "s>g g>e * g>f"))
    assert [(it.rule, it.element) for it in missing] == [("gateway-condition", "f3")]
    needless = findings(draw("start s; xor g; end e; end f", "s>g g>e [x] * g>f [y]"))
    assert [(it.rule, it.element) for it in needless] == [("gateway-condition", "f2")]
    elsewhere = findings(draw("start s; user a; end e", "s>a [x] a>e"))
    assert [(it.rule, it.element) for it in elsewhere] == [("condition-place", "f1")]


def test_python_in_a_condition_is_answered_with_its_feel() -> None:
    source = draw("start s; xor g; end e; end f", "s>g g>e [category == 'billing' and not done] g>f *")
    (finding,) = findings(source)
    assert (finding.rule, finding.element) == ("feel", "f2")
    assert "is Python" in finding.message
    assert finding.remedy == 'Write: category = "billing" and not(done)'
    assert b'id="f2"' in source.splitlines()[(finding.line or 0) - 1]


def test_python_behind_an_equals_sign_is_answered_with_one() -> None:
    """Editors for Camunda write the sign before every expression."""
    for text in ("=paid and not sent", "= paid == True and not sent"):
        (finding,) = findings(draw("start s; xor g; end e; end f", f"s>g g>e [{text}] g>f *"))
        assert "is Python" in finding.message
        assert finding.remedy.startswith("Write: =paid") and finding.remedy.endswith(" and not(sent)")


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("owner == None", "owner = null"),
        ("len(items) > 3", "count(items) > 3"),
        ("owner is None", "owner = null"),
        ("paid and not sent", "paid and not(sent)"),
        ("tag not in tags", "not(list contains(tags, tag))"),
        ("name.startswith('A')", 'starts with(name, "A")'),
    ],
)
def test_python_that_feel_could_read_is_still_python(text: str, feel: str) -> None:
    (finding,) = findings(draw("start s; xor g; end e; end f", f"s>g g>e [{text}] g>f *"))
    assert "is Python" in finding.message
    assert finding.remedy == f"Write: {feel}"


@pytest.mark.parametrize("text", ['contains(title, "what is it")', "not(done)", "order.paid = true"])
def test_feel_that_looks_a_little_like_python_is_feel(text: str) -> None:
    assert findings(draw("start s; xor g; end e; end f", f"s>g g>e [{text}] g>f *")) == []


def test_what_was_deployed_is_read_though_it_would_be_refused_today() -> None:
    source = draw("start s; xor g; end e; end f", "s>g g>e [owner is None] g>f *")
    assert findings(source) != []
    assert "g" in read_deployed(source, "it").elements
    with pytest.raises(DiagramRefused):
        read_deployed(b"no diagram at all", "it")


def test_a_timer_that_would_be_null_in_every_ticket_is_refused() -> None:
    (finding,) = findings(with_boundary(on_timer("it", "a", '=duration("P1M1M")')))
    assert (finding.rule, finding.element) == ("timer", "it")
    assert "P1M1M" in finding.remedy
    assert findings(with_boundary(on_timer("it", "a", '=now() + duration("PT4H")'))) == []


def test_a_syntax_error_says_where_in_the_expression() -> None:
    (finding,) = findings(draw(f"start s; {script('it', '=1 +', 'x')}; end e", "s>it>e"))
    assert (finding.rule, finding.element) == ("feel", "it")
    assert "line 1, column" in finding.message


def test_ids_stand_once_and_are_there() -> None:
    (twice,) = findings(draw("start s; user a; <userTask id='a' />; end e", "s>a>e"))
    assert (twice.rule, twice.element) == ("ids", "a")
    nameless = findings(draw("start s; user a; <userTask />; end e", "s>a>e"))
    assert [it.rule for it in nameless] == ["ids"]


def test_a_flow_may_not_cross_the_border_of_a_sub_process() -> None:
    found = findings(draw(f"start s; {node('sub', 'sp', INSIDE)}; user a; end e", "s>sp>a>e ei>a"))
    assert any(it.rule == "references" and "to stay inside one level" in it.message for it in found)


def test_a_second_pool_with_a_process_is_refused_and_a_picture_of_one_is_not() -> None:
    inside = level("start s; end e", "s>e")
    pools = '<participant id="one" processRef="p" /><participant id="other" {} />'
    for says, refused in ('processRef="q"', ["other"]), ("", []):
        source = definitions(
            f'<collaboration id="c">\n{pools.format(says)}</collaboration>',
            process("p", inside),
            process("q", inside.replace('"s"', '"s2"').replace('"e"', '"e2"').replace('"f1"', '"f9"')),
        )
        assert [it.element for it in findings(source)] == refused


def test_lanes_name_who_works_there_and_must_name_nodes() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Support"><flowNodeRef>a</flowNodeRef><childLaneSet id="cs">'
        '<lane id="l2" name="Tier 1"><flowNodeRef>{}</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    source = definitions(process("p", lanes.format("a") + level("start s; user a; end e", "s>a>e")))
    diagram, _ = check_diagram(source, "x")
    assert diagram is not None
    assert diagram.elements["a"].lane == "Tier 1"
    (finding,) = findings(
        source.replace(b"<flowNodeRef>a</flowNodeRef></lane>", b"<flowNodeRef>z</flowNodeRef></lane>")
    )
    assert (finding.rule, finding.element) == ("references", "l2")


def test_the_picture_may_hold_notes_groups_and_data() -> None:
    data = '<dataObject id="do" /><dataObjectReference id="dr" dataObjectRef="do" />'
    notes = (
        '<textAnnotation id="n"><text>Look here</text></textAnnotation>'
        '<association id="as" sourceRef="a" targetRef="n" /><group id="gr" />'
    )
    task = node("user", "a", '<property id="pr" name="__targetRef_placeholder" /><dataInputAssociation id="di">'
                "<sourceRef>dr</sourceRef><targetRef>pr</targetRef></dataInputAssociation>")  # fmt: skip
    source = definitions(process("p", level(f"start s; {task}; end e", "s>a>e") + data + notes))
    assert findings(source) == []


def test_branches_beside_each_other_do_not_both_set_the_state() -> None:
    states = {"a": "open", "b": "waiting", "before": "new", "behind": "done"}
    nodes = "; ".join(node("user", id, casepath_state=state) for id, state in states.items())
    flows = "s>before>fork fork>a>join fork>b>join join>behind>e"
    (finding,) = findings(draw(f"start s; and fork; {nodes}; and join; end e", flows))
    assert (finding.rule, finding.element) == ("states", "b")
    assert "'a' sets 'open' and 'b' sets 'waiting' beside it" in finding.message
    one_after_another = "s>before>a>b>behind>fork fork>join fork>join join>e"
    assert findings(draw(f"start s; and fork; {nodes}; and join; end e", one_after_another)) == []


def test_what_runs_beside_an_activity_does_not_set_the_state_that_follows_it() -> None:
    lead, done = node("user", "lead", casepath_state="escalated"), node("user", "done", casepath_state="done")
    for interrupting, refused in ((False, ["lead"]), (True, [])):
        event = on_timer("late", "work", "PT1H", interrupting=interrupting)
        source = draw(f"start s; user work; {lead}; {done}; end e; {event}", "s>work>done>e late>lead>e")
        assert [it.element for it in findings(source) if it.rule == "states"] in (
            refused,
            ["done"][: len(refused)],
        )


def test_what_is_missing_from_the_canvas_is_a_warning() -> None:
    diagram, found = check_diagram(draw("start s; end e", "s>e"), "x")
    assert diagram is not None
    assert [(it.rule, it.severity) for it in found] == [("drawn", "warning")]


def test_an_event_on_what_never_waits_is_a_warning() -> None:
    event = on_timer("it", "a", "PT1H")
    _, found = check_diagram(draw(f"start s; {script('a', '={}')}; {event}; end e", "s>a>e it>e"), "x")
    assert ("never-happens", "warning", "it") in [(it.rule, it.severity, it.element) for it in found]


def test_the_schema_is_asked_for_all_its_errors() -> None:
    source = draw("start s; user a; end e", "s>a>e").replace(
        b'id="a"', b'id="a" startQuantity="x" implementation=""'
    )
    source = source.replace(b'<sequenceFlow id="f2"', b'<sequenceFlow id="f2" isImmediate="maybe"')
    found = [it for it in findings(source) if it.rule == "schema"]
    assert [it.element for it in found] == ["f2"]
    assert "isImmediate" in found[0].message


def test_calls_must_lead_to_a_process_and_to_an_end() -> None:
    call = extension('<zeebe:calledElement processId="{}" />')

    def calling(key: str, called: str) -> bytes:
        names = (f"{key}_s", f"{key}_c", f"{key}_e")
        nodes = f"start {names[0]}; {node('call', names[1], call.format(called))}; end {names[2]}"
        diagram = draw(nodes, ">".join(names), key=key)
        return diagram.replace(b'id="f', f'id="{key}_f'.encode())

    def refused(*sources: bytes) -> list[Finding]:
        diagrams = [check_diagram(source, "x")[0] for source in sources]
        with pytest.raises(DiagramRefused) as refusal:
            Program.link(it for it in diagrams if it is not None)
        return list(refusal.value.findings)

    (unknown,) = refused(calling("p", "gone"))
    assert (unknown.rule, unknown.element) == ("called-process", "p_c")
    itself = refused(calling("p", "p"))
    assert itself[0].path == ("p", "p")
    circle = refused(calling("a", "b"), calling("b", "a"))
    assert {it.path for it in circle} == {("a", "b", "a"), ("b", "a", "b")}
    twice = refused(draw("start s; end e", "s>e"), draw("start s; end e", "s>e"))
    assert [it.rule for it in twice] == ["process-key"]


def test_bpmn_is_read_from_the_sample_files() -> None:
    for file in sorted((DIAGRAMS / "good").glob("*.bpmn")):
        diagram, found = check_diagram(file.read_bytes(), file.name)
        assert diagram is not None, [str(it) for it in found]
        assert found == ()


def test_the_schema_accepts_what_bpmn_editors_write() -> None:
    from engine.spiff.reading import read

    for file in sorted((DIAGRAMS / "good").glob("*.bpmn")):
        root, _ = read(file.read_bytes())
        assert list(against_schema(root)) == []


@pytest.mark.parametrize(
    ("file", "rule", "element", "line"),
    [
        ("not_xml.bpmn", "xml", None, 1),
        ("not_bpmn.bpmn", "xml", None, 2),
        ("billion_laughs.bpmn", "xml", None, 1),
        ("duplicate_id.bpmn", "ids", "closed", 34),
        ("complex_gateway.bpmn", "not-supported", "merge", 49),
        ("no_default.bpmn", "gateway-default", "solved", 22),
        ("python_condition.bpmn", "feel", "f4", 57),
        ("timer_p1m1m.bpmn", "timer", "remind", 37),
    ],
)
def test_a_bad_file_is_refused_where_it_is_bad(file: str, rule: str, element: str | None, line: int) -> None:
    found = findings((DIAGRAMS / "bad" / file).read_bytes())
    assert (rule, element, line) in [(it.rule, it.element, it.line) for it in found]
