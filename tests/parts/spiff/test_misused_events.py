"""Events that stand where they mean nothing or lead nowhere are refused, and told what to do instead."""

from __future__ import annotations

import pytest

from .drawing import (
    boundary,
    compensated_by,
    event_sub,
    extension,
    level,
    loop,
    mapping,
    node,
    on,
    on_timer,
    start,
    sub,
    timer,
)
from .refusing import (
    INSIDE,
    assert_refused,
    beside,
    findings,
    warnings,
    with_boundary,
    with_end,
    with_task,
)


def caught_inside(definition: str, *, interrupting: bool = True, further: str = "") -> bytes:
    """Return a process with an event sub-process that `it` begins."""
    begin = start("it", definition, interrupting=interrupting)
    return beside(event_sub("es", f"{begin}; end ee{further}", "it>ee", prefix="h"))


def cancelled(*, kind: str = "transaction", end: str = "it", border: str = "") -> bytes:
    inside = level(f"start si; {node('end', end, on('cancel'))}", "si>" + end, prefix="g")
    return beside(border, "b>e" if border else "", main=node(kind, "a", inside))


HANDLER = node("user", "u", isForCompensation="true")
STATEFUL = compensated_by("a", "undo").replace("a_undone", "it").replace('"it"', '"it" casepath:state="x"', 1)
UNDO = node("user", "undo", isForCompensation="true")

MISUSED = {
    # which event stands where
    "timer start": (beside(node("start", "it", timer("duration", "PT1H")), "it>e"), "not-supported", "no timer"),
    "error start": (beside(node("start", "it", on("error", "er")), "it>e"), "not-supported", "no error event at"),
    "error catch": (with_task(on("error", "er"), "catch"), "not-supported", "no error event at an inter"),
    "error throw": (with_task(on("error", "er"), "throw"), "not-supported", "no error event at an inter"),
    "cancel throw": (with_task(on("cancel"), "throw"), "not-supported", "no cancel event at"),
    "terminate boundary": (with_boundary(boundary("it", "a", on("terminate"))), "not-supported", "no terminate"),
    "link end": (with_end(on("link", "l")), "not-supported", "no link event at an end event"),
    "link boundary": (with_boundary(boundary("it", "a", on("link", "l"))), "not-supported", "no link event"),
    "cancel start": (caught_inside(on("cancel")), "not-supported", "no cancel event at a start event of an"),
    "plain start of an event sub-process": (caught_inside(""), "not-supported", "has 0 events"),
    "shared event": (with_end("<eventDefinitionRef>x</eventDefinitionRef>"), "not-supported", "event definition ref"),
    "parallel multiple": (
        with_task(on("message", "m"), "catch", parallelMultiple="true"), "not-supported", "parallelMultiple='true'"
    ),
    # interrupting or not
    "error beside": (
        with_boundary(boundary("it", "a", on("error", "er"), interrupting=False), "call a"), "interrupting", "an err"
    ),
    "cancel beside": (
        with_boundary(boundary("it", "a", on("cancel"), interrupting=False), node("transaction", "a", INSIDE)),
        "interrupting", "a cancel event",
    ),
    "error sub-process beside": (caught_inside(on("error"), interrupting=False), "interrupting", "to interrupt"),
    "compensation beside": (caught_inside(on("compensate"), interrupting=False), "interrupting", "to interrupt"),
    "start beside": (
        beside(start("it", on("message", "m"), interrupting=False), "it>e"), "interrupting", "no event sub-process"
    ),
    "interrupting cycle of an event sub-process": (
        caught_inside(timer("cycle", "R/PT1H")), "timer", "to fire once"
    ),
    # caught twice
    "error twice": (
        with_boundary(f"{boundary('b', 'a', on('error', 'er'))}; {boundary('it', 'a', on('error', 'er'))}",
                      node("sub", "a", INSIDE)),
        "caught-twice", "an error with the code 'E1'",
    ),
    "all escalations twice": (
        with_boundary(f"{boundary('b', 'a', on('escalation'))}; {boundary('it', 'a', on('escalation'))}",
                      node("sub", "a", INSIDE)),
        "caught-twice", "an escalation to be caught once",
    ),
    "error twice in a level": (
        beside(f"{event_sub('es', start('one', on('error', 'er')) + '; end ee', 'one>ee', prefix='h')}; "
               f"{event_sub('et', start('it', on('error', 'er')) + '; end ef', 'it>ef', prefix='i')}"),
        "caught-twice", "by the event sub-processes of 'p'",
    ),
    # event sub-processes
    "two events of an event sub-process": (
        caught_inside(on("message", "m"), further=f"; {start('is', on('signal', 'sg'))}").replace(b'"is"', b'"xx"')
        .replace(b'"it"', b'"yy"').replace(b'"xx"', b'"it"'),
        "event-sub-process", "'it' is a further one",
    ),
    "flow to an event sub-process": (
        beside(event_sub("it", f"{start('x', on('message', 'm'))}; end ee", "x>ee", prefix="h"), "a>it"),
        "event-sub-process", "without sequence flows",
    ),
    "event on an event sub-process": (
        beside(f"{event_sub('it', start('x', on('message', 'm')) + '; end ee', 'x>ee', prefix='h')}; "
               f"{on_timer('b', 'it', 'PT1H')}", "b>e"),
        "event-sub-process", "without events on its border",
    ),
    "repeated event sub-process": (
        beside(sub("it", f"{start('x', on('message', 'm'))}; end ee", "x>ee", prefix="h", before=loop(maximum="2"),
                   triggeredByEvent="true")),
        "loop", "without a loop",
    ),
    "mapped event sub-process": (
        beside(sub("it", f"{start('x', on('message', 'm'))}; end ee", "x>ee", prefix="h",
                   before=extension(mapping({"a": "=1"})), triggeredByEvent="true")),
        "event-sub-process", "without mappings",
    ),
    "event transaction": (
        beside(sub("it", f"{start('x', on('message', 'm'))}; end ee", "x>ee", prefix="h", kind="transaction",
                   triggeredByEvent="true")),
        "event-sub-process", "is a transaction",
    ),
    "event sub-process without a start": (
        beside(node("sub", "it", level("user u; end ee", "u>ee", "h"), triggeredByEvent="true")), "start", "a start"
    ),
    "message start in a plain sub-process": (
        beside("", main=sub("a", f"{start('it', on('message', 'm'))}; end ee", "it>ee", prefix="h")),
        "start", "a plain start event",
    ),
    "the same signal starts twice": (
        beside(f"{start('x', on('signal', 'sg'))}; {start('it', on('signal', 'sg'))}", "x>e it>e"),
        "start", "one start event for the signal 'sg'",
    ),
    # compensation
    "compensation without handler": (beside(boundary("it", "a", on("compensate"))), "compensation", "to nothing"),
    "handler that is none": (
        beside(compensated_by("a", "u").replace("a_undone", "it") + "; user u", "a>u"), "compensation", "leads to u"
    ),
    "handler of another level": (
        beside(compensated_by("a", "u").replace("a_undone", "it")
               + "; " + node("sub", "sp", level("start si; end ei; " + HANDLER, "si>ei", "g")),
               "a>sp>e"),
        "compensation", "leads to u",
    ),
    "flow to a handler": (
        beside(f"{compensated_by('a', 'it')}; {node('user', 'it', isForCompensation='true')}", "a>it"),
        "compensation", "no sequence flow",
    ),
    "handler of nothing": (beside(node("user", "it", isForCompensation="true")), "compensation", "leads to 'it'"),
    "event on a handler": (
        beside(f"{compensated_by('a', 'it')}; {node('user', 'it', isForCompensation='true')}; "
               f"{on_timer('b', 'it', 'PT1H')}", "b>e"),
        "compensation", "no boundary events",
    ),
    "compensation of a handler": (
        beside(f"{compensated_by('a', 'undo')}; {UNDO}; "
               f"{compensated_by('undo', 'redo').replace('undo_undone', 'it')}; "
               f"{node('user', 'redo', isForCompensation='true')}"),
        "compensation", "on an activity of the flow",
    ),
    "state of a compensation": (
        beside(f"{STATEFUL}; {UNDO}"), "compensation", "no casepath:state"
    ),
    "flow out of a compensation": (
        beside(f"{compensated_by('a', 'undo').replace('a_undone', 'it')}; {UNDO}", "it>e"), "edges", "out of 'it'"
    ),
    "compensation of what isn't there": (
        beside(f"{compensated_by('a', 'undo')}; {UNDO}; {node('throw', 'it', on('compensate', 'x'))}", "a>it>e"),
        "compensation", "'x' is none",
    ),
    "compensation of what can't be": (
        beside(f"user b; {compensated_by('a', 'undo')}; {UNDO}; {node('throw', 'it', on('compensate', 'b'))}",
               "a>b>it>e"),
        "compensation", "'b' is none",
    ),
    # transactions
    "cancel outside": (with_end(on("cancel")), "transaction", "directly in a transaction"),
    "cancel in a sub-process": (cancelled(kind="sub"), "transaction", "directly in a transaction"),
    "cancel on a task": (with_boundary(boundary("it", "a", on("cancel"))), "transaction", "'a' is none"),
    "cancel that leads nowhere": (
        cancelled(end="ce").replace(b'"a"', b'"it"'), "transaction", "a cancel event on the border"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISUSED)
def test_it_is_refused_by_id_line_and_sentence(name: str) -> None:
    assert_refused(*MISUSED[name])


def test_an_event_on_what_can_not_throw_it_is_a_warning() -> None:
    for kind, what in (("error", "er"), ("escalation", "ec")):
        (finding,) = warnings(with_boundary(boundary("it", "a", on(kind, what))))
        assert (finding.rule, finding.element, finding.severity) == ("never-happens", "it", "warning")
        assert warnings(with_boundary(boundary("it", "a", on(kind, what)), node("sub", "a", INSIDE))) == []


def test_a_transaction_that_nothing_cancels_is_a_warning() -> None:
    border = boundary("it", "a", on("cancel"))
    (finding,) = warnings(with_boundary(border, node("transaction", "a", INSIDE)))
    assert (finding.rule, finding.element) == ("never-happens", "it")
    assert warnings(cancelled(end="ce", border=boundary("b", "a", on("cancel")))) == []


def test_a_compensation_of_nothing_is_a_warning() -> None:
    (finding,) = warnings(with_end(on("compensate")))
    assert (finding.rule, finding.element) == ("compensation", "it")
    undone = beside(f"{compensated_by('a', 'undo')}; {UNDO}; {node('end', 'it', on('compensate'))}", "a>it")
    assert warnings(undone) == []


def test_what_runs_beside_a_level_does_not_set_its_state() -> None:
    """A non-interrupting event sub-process runs beside everything in its scope; an interrupting one after it."""
    for interrupting, refused in ((False, 1), (True, 0)):
        begin = start("si", on("message", "m"), interrupting=interrupting)
        inside = f"{begin}; {node('user', 'u', casepath_state='asked')}; end ei"
        source = beside(
            event_sub("es", inside, "si>u>ei", prefix="h"), main=node("user", "a", casepath_state="open")
        )
        assert [it.rule for it in findings(source)] == ["states"] * refused
