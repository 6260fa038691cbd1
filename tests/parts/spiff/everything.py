"""One diagram in which every element, event and setting of the allow-list stands."""

from __future__ import annotations

from .drawing import (
    boundary,
    compensated_by,
    declared,
    draw,
    each,
    event_sub,
    extension,
    loop,
    mapping,
    message,
    node,
    on,
    script,
    start,
    sub,
    timer,
)

_SERVICE = extension('<zeebe:taskDefinition type="book" retries="2" />' + mapping({"what": "=item"}))
_TAGGED = extension('<zeebe:calledElement processId="q" bindingType="versionTag" versionTag="v2" />')
_DECIDED = extension('<zeebe:calledDecision decisionId="d" resultVariable="r" />')
_TOLD = extension(mapping({"why": "=reason"}))

_RACE = "; ".join((
    "race first",
    node("catch", "soon", timer("date", "2026-12-04T19:30:00Z")),
    node("catch", "asked", on("message", "m")),
    node("catch", "alarm", on("signal", "sg")),
    node("catch", "ready", on("conditional", "=stock > 0")),
    node("receive", "paid", messageRef="m2"),
))  # fmt: skip
_TRIP = sub(
    "trip",
    "; ".join((
        "start ts; xor fits; end te",
        node("service", "book", _SERVICE, casepath_backOff="PT10S,PT1M", casepath_timeOut="PT30S"),
        compensated_by("book", "unbook"),
        node("user", "unbook", isForCompensation="true"),
        node("end", "off", on("cancel")),
    )),
    "ts>book>fits fits>te [=ok] fits>off *",
    prefix="t", kind="transaction",
)  # fmt: skip
_CARE = sub(
    "care",
    "; ".join((
        "start cs",
        node("user", "help"),
        compensated_by("help", "unhelp"),
        node("call", "unhelp", extension('<zeebe:calledElement processId="q" />'), isForCompensation="true"),
        node("throw", "higher", _TOLD + on("escalation", "ec")),
        node("throw", "jump", on("link", "there")),
        node("catch", "land", on("link", "there")),
        node("end", "broken", on("error", "er")),
        event_sub("undoing", f"{start('us', on('compensate'))}; {node('end', 'all', on('compensate'))}", "us>all",
                  prefix="u"),
    )),
    "cs>help>higher>jump land>broken",
    prefix="c", before=each("=items", "item", "got", "=item", completion="=numberOfCompletedInstances > 2"),
)  # fmt: skip
_BESIDE = "; ".join(
    event_sub(
        f"es_{kind}", f"{start(f'st_{kind}', definition, interrupting=hard)}; end en_{kind}", f"st_{kind}>en_{kind}",
        prefix=f"{kind}_",
    )
    for kind, definition, hard in (
        ("timer", timer("cycle", "R/P1D"), False),
        ("message", on("message", "m"), True),
        ("signal", on("signal", "sg"), False),
        ("error", on("error"), True),
        ("escalation", on("escalation", "ec"), False),
        ("conditional", on("conditional", "=gone"), True),
    )
)  # fmt: skip
_BORDERS = "; ".join((
    boundary("trip_off", "trip", on("cancel")),
    boundary("care_error", "care", on("error", "er")),
    boundary("care_up", "care", on("escalation", "ec"), interrupting=False),
    boundary("rings", "talk", on("signal", "sg"), interrupting=False),
    boundary("empty", "talk", on("conditional", "=stock = 0")),
    boundary("late", "talk", timer("duration", "PT4H"), interrupting=False),
    boundary("reply", "talk", on("message", "m")),
))  # fmt: skip
_MAIN = "; ".join((
    "start s; or some; or again; xor merge; and fork; and join; user pack",
    script("count", "=count(items)", "n"),
    node("rule", "rate", _DECIDED),
    node("send", "mail", casepath_template="t"),
    node("user", "talk", loop("=n < 3", "5", test_before=True)),
    node("call", "sell", _TAGGED + each(cardinality="=n", sequential=True)),
    node("throw", "tell", _TOLD + on("message", "m")),
    node("throw", "shout", _TOLD + on("signal", "sg")),
    node("throw", "undo", on("compensate", "trip")),
    node("throw", "milestone"),
    node("end", "e_message", on("message", "m")),
    node("end", "e_signal", on("signal", "sg")),
    node("end", "e_up", on("escalation", "ec")),
    node("end", "stop", on("terminate")),
    "end e",
))  # fmt: skip
_FLOWS = """s>some some>count [=a] some>rate [=b] some>mail * count>again rate>again mail>again>talk
talk>first first>soon>trip first>asked>trip first>alarm>trip first>ready>trip first>paid>trip
trip>care care>sell [=more] care>merge * sell>tell>shout>undo>milestone>merge>fork>pack>join fork>join>e
trip_off>e_message care_error>e_signal care_up>e_up rings>e empty>stop late>e reply>e"""

EVERYTHING = draw(
    f"{_MAIN}; {_RACE}; {_TRIP}; {_CARE}; {_BORDERS}; {_BESIDE}",
    _FLOWS,
    message("m", "reply", "=ticket"),
    message("m2", "money", "=ticket"),
    declared("signal", "sg", "storm"),
    declared("error", "er", code="E1"),
    declared("escalation", "ec", code="C1"),
)
