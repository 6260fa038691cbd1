"""Every kind of element can be drawn wrongly: each time the diagram is refused, and told what to do instead."""

from __future__ import annotations

import pytest

from .drawing import (
    boundary,
    declared,
    draw,
    each,
    extension,
    loop,
    mapping,
    node,
    on,
    on_timer,
    sub,
    timer,
)
from .refusing import (
    DECLARED,
    INSIDE,
    assert_refused,
    beside,
    findings,
    warnings,
    with_boundary,
    with_end,
    with_sub,
    with_task,
)


def raced(nodes: str, flows: str) -> bytes:
    return draw(f"start s; race g; {nodes}; end e", f"s>g {flows}", *DECLARED)


def repeated(inside: str, kind: str = "user") -> bytes:
    return with_task(inside, kind)


CATCH = node("catch", "c", timer("duration", "PT1H"))

MISUSED = {
    # attributes that would change what an element does
    "instantiating gateway": (
        raced(f"{node('race', 'it', instantiate='true')}; {CATCH}; {node('catch', 'd', on('signal', 'sg'))}",
              "g>c>it g>d it>e"),
        "not-supported", "instantiate='true'",
    ),
    "parallel event gateway": (
        draw(f"start s; {node('race', 'it', eventGatewayType='Parallel')}; {CATCH}; "
             f"{node('catch', 'd', on('signal', 'sg'))}; end e", "s>it it>c>e it>d>e", *DECLARED),
        "not-supported", "eventGatewayType='Parallel'",
    ),
    "transaction by another method": (
        with_sub(INSIDE, "transaction", method="##Store"), "not-supported", "method='##Store'"
    ),
    "compensation that nobody waits for": (
        with_end('<compensateEventDefinition waitForCompletion="false" />'), "not-supported", "waitForCompletion"
    ),
    "a loop that throws": (
        repeated('<multiInstanceLoopCharacteristics behavior="None" />'), "not-supported", "behavior='None'"
    ),
    "data item": (
        repeated('<multiInstanceLoopCharacteristics><inputDataItem id="i" /></multiInstanceLoopCharacteristics>'),
        "not-supported", "input data item",
    ),
    "BPMN inside a setting": (
        with_task(extension('<zeebe:ioMapping><endEvent id="x" /></zeebe:ioMapping>')), "not-read", "bpmn:endEvent"
    ),
    "patience of a user task": (with_task(casepath_timeOut="PT1H"), "not-read", "casepath:timeOut"),
    "latest form": (
        with_task(extension('<zeebe:formDefinition formId="f" bindingType="latest" />')), "not-read", "'latest'"
    ),
    # what must be said
    "message that is not named": (with_task(on("message"), "catch"), "required", "to name a message"),
    "signal that is not named": (with_task(on("signal"), "throw"), "required", "to name a signal"),
    "error that is not named": (with_end(on("error")), "required", "to name an error"),
    "escalation that is not named": (with_task(on("escalation"), "throw"), "required", "to name an escalation"),
    "condition that is not written": (with_task(on("conditional"), "catch"), "required", "to name a condition"),
    "link that is not named": (with_task('<linkEventDefinition name="" />', "throw"), "required", "to name its link"),
    "unknown signal": (with_task(on("signal", "x"), "catch"), "references", "no signal 'x'"),
    "unknown error": (with_boundary(boundary("it", "a", on("error", "x"))), "references", "no error 'x'"),
    "unknown escalation": (with_end(on("escalation", "x")), "references", "no escalation 'x'"),
    "error without a code": (
        draw(f"start s; {node('end', 'it', on('error', 'x'))}", "s>it", declared("error", "x")), "codes", "plain code"
    ),
    "escalation with a computed code": (
        draw(f"start s; {node('end', 'it', on('escalation', 'x'))}", "s>it", declared("escalation", "x", code="=c")),
        "codes", "but it has =c",
    ),
    "signal with a computed name": (
        draw("start s; end e", "s>e", declared("signal", "it", "=name")), "messages", "the signal 'it'"
    ),
    "condition in Python": (with_task(on("conditional", "a == 1"), "catch"), "feel", "is Python"),
    "back-off": (
        with_task(extension('<zeebe:taskDefinition type="t" />'), "service", casepath_backOff="PT10S,soon"),
        "patience", "found 'soon'",
    ),
    "time-out": (
        with_task(extension('<zeebe:taskDefinition type="t" />'), "service", casepath_timeOut="-PT10S"),
        "patience", "found '-PT10S'",
    ),
    "tagged call without a tag": (
        with_task(extension('<zeebe:calledElement processId="q" bindingType="versionTag" />'), "call"),
        "binding", "names none",
    ),
    "tag of a call that is not tagged": (
        with_task(extension('<zeebe:calledElement processId="q" versionTag="v1" />'), "call"), "binding", "no version"
    ),
    "unknown binding": (
        with_task(extension('<zeebe:calledElement processId="q" bindingType="newest" />'), "call"),
        "not-read", "the binding 'newest'",
    ),
    # choices
    "inclusive without default": (
        draw("start s; or it; end e; end f", "s>it it>e [x] it>f [y]"), "gateway-default", "to have a default flow"
    ),
    "activity that may stop": (
        draw("start s; user it; end e", "s>it it>e [x]"), "gateway-default", "when no condition is true"
    ),
    "default of a parallel gateway": (
        draw("start s; and it; end e; end f", "s>it it>e it>f *"), "condition-place", "has one"
    ),
    # event-based gateways
    "one event": (draw(f"start s; race it; {CATCH}; end e", "s>it>c>e"), "event-gateway", "two events or more"),
    "task behind": (raced(f"{CATCH}; user it", "g>c>e g>it>e"), "event-gateway", "found 'it'"),
    "link behind": (
        raced(f"{CATCH}; {node('catch', 'it', on('link', 'l'))}", "g>c>e g>it>e"), "event-gateway", "found 'it'"
    ),
    "another way in": (
        raced(f"{CATCH}; {node('catch', 'it', on('signal', 'sg'))}; user u", "g>c>u g>it>e u>it"),
        "event-gateway", "other flows lead to it",
    ),
    "border event behind": (
        raced(f"{CATCH}; {node('receive', 'it', messageRef='m')}; {on_timer('b', 'it', 'PT1H')}", "g>c>e g>it>e b>e"),
        "event-gateway", "without boundary events",
    ),
    "mapping behind": (
        raced(f"{CATCH}; {node('receive', 'it', extension(mapping({'a': '=1'})), messageRef='m')}", "g>c>e g>it>e"),
        "event-gateway", "without input mappings",
    ),
    "loop behind": (
        raced(f"{CATCH}; {node('receive', 'it', loop(maximum='2'), messageRef='m')}", "g>c>e g>it>e"),
        "event-gateway", "to wait once",
    ),
    # links
    "link to nowhere": (beside(node("throw", "it", on("link", "l")), "", main="user a")
                        .replace(b'sourceRef="a" targetRef="e"', b'sourceRef="a" targetRef="it"'), "link", "is none"),
    "link to a level below": (
        draw(f"start s; {node('throw', 'it', on('link', 'l'))}; "
             f"{sub('sp', 'start si; end ei; ' + node('catch', 'c', on('link', 'l')), 'si>ei c>ei', prefix='g')}; "
             "start s2; end e", "s>it s2>sp>e"),
        "link", "is none",
    ),
    "two targets": (
        beside(f"{node('throw', 't', on('link', 'l'))}; {node('catch', 'c', on('link', 'l'))}; "
               f"{node('catch', 'it', on('link', 'l'))}", "a>t c>e it>e"),
        "link", "'it' is a further one",
    ),
    "flow out of a link": (
        beside(f"{node('throw', 'it', on('link', 'l'))}; {node('catch', 'c', on('link', 'l'))}", "a>it>e c>e"),
        "edges", "nothing to lead out of 'it'",
    ),
    "flow into a target": (
        beside(f"{node('throw', 't', on('link', 'l'))}; {node('catch', 'it', on('link', 'l'))}", "a>t a>it>e"),
        "edges", "nothing to lead into 'it'",
    ),
    # loops
    "how often": (repeated(each()), "loop", "no collection and no cardinality"),
    "twice how often": (repeated(each("=a", cardinality="2")), "loop", "it has both"),
    "item of nothing": (repeated(each(item="x", cardinality="2")), "loop", "a collection for its item"),
    "results of nothing": (repeated(each("=a", results="r")), "loop", "an output element for"),
    "result for nothing": (repeated(each("=a", result="=r")), "loop", "an output collection for"),
    "name of an item": (repeated(each("=a", "an item")), "variable-names", "writes to 'an item'"),
    "name of the counter": (repeated(each("=a", "loopCounter")), "variable-names", "which counts"),
    "endless": (repeated(loop()), "loop", "no condition and no maximum"),
    "never": (repeated(loop(maximum="0")), "loop", "its maximum is 0"),
    "collection in Python": (repeated(each("len(a)")), "feel", "is Python"),
    "condition of a loop": (repeated(loop("x >")), "feel", "the loop condition"),
    # links to other tickets
    "link of no kind": (
        with_task("", "send", casepath_template="t", casepath_relation="like", casepath_relatedTicket="=7"),
        "relation", "by one of follows, duplicate_of, caused_by, but found 'like'",
    ),
    "link to no ticket": (
        with_task("", "send", casepath_template="t", casepath_relation="follows"), "relation", "which ticket it links"
    ),
    "link of a user task": (with_task(casepath_relation="follows"), "not-read", "casepath:relation"),
    # mappings and goals that nothing would use
    "goal of a message": (
        with_task(on("message", "m"), "catch", casepath_goal="g"), "not-read", "at timers only"
    ),
    "outputs of a throw": (
        with_task(extension(mapping(outputs={"a": "=1"})) + on("signal", "sg"), "throw"), "mapping-place", "no output"
    ),
    "inputs of a terminate end": (
        with_end(extension(mapping({"a": "=1"})) + on("terminate")), "mapping-place", "no input mappings"
    ),
    "outputs of a start": (
        beside(node("start", "it", extension(mapping(outputs={"a": "=1"})) + on("message", "m")), "it>e"),
        "mapping-place", "no output mappings",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISUSED)
def test_it_is_refused_by_id_line_and_sentence(name: str) -> None:
    assert_refused(*MISUSED[name])


def test_a_target_without_a_link_is_a_warning() -> None:
    (finding,) = warnings(beside(node("catch", "it", on("link", "l")), "it>e"))
    assert (finding.rule, finding.element) == ("link", "it")


def test_the_same_message_twice_behind_a_gateway_is_a_warning() -> None:
    source = raced(
        f"{node('catch', 'c', on('message', 'm'))}; {node('receive', 'it', messageRef='m')}", "g>c>e g>it>e"
    )
    (finding,) = warnings(source)
    assert (finding.rule, finding.element) == ("never-happens", "it")


def test_a_condition_that_is_always_true_is_as_good_as_a_default() -> None:
    for gateway in ("xor", "or"):
        assert warnings(draw(f"start s; {gateway} it; end e; end f", "s>it it>e [x] it>f [=true]")) == []


def test_an_empty_pool_is_somebody_else() -> None:
    pools = '<participant id="one" processRef="p" /><participant id="other" processRef="q" />'
    beside = f'<process id="q" isExecutable="false" /><collaboration id="c">{pools}</collaboration>'
    source = draw("start s; end e", "s>e").replace(b"</definitions>", f"{beside}</definitions>".encode())
    assert findings(source) == []


def test_branches_of_which_one_is_the_default_do_not_run_beside_each_other() -> None:
    one, other = node("user", "b", casepath_state="one"), node("user", "c", casepath_state="other")
    drawn = f"start s; or g; {one}; {other}; end e"
    assert findings(draw(drawn, "s>g g>b [x] g>c * b>e c>e")) == []
    assert [it.rule for it in findings(draw(f"{drawn}; end f", "s>g g>b [x] g>c [y] g>f * b>e c>e"))] == [
        "states"
    ]
