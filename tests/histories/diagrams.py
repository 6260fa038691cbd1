"""The diagrams of the histories, by name, as they were when each was told."""

from __future__ import annotations

from tests.parts.spiff.drawing import (
    boundary,
    compensated_by,
    declared,
    draw,
    each,
    event_sub,
    extension,
    level,
    loop,
    mapping,
    message,
    node,
    on,
    on_message,
    on_timer,
    process,
    script,
    start,
    sub,
    timer,
)

_TOO_LONG = "for i in 1..n, j in 1..n return i"


def _call(id: str, called: str, says: str = "", inside: str = "") -> str:
    return node("call", id, extension(f'<zeebe:calledElement processId="{called}" {says} />') + inside)


def _doing(task: str) -> str:
    """An activity with its handler."""
    back = node("user", f"{task}_back", isForCompensation="true")
    return f"user {task}; {compensated_by(task, f'{task}_back')}; {back}"


def _undo(id: str = "undo", kind: str = "throw") -> str:
    return node(kind, id, on("compensate"))


def _everything_open() -> bytes:
    service = '<zeebe:taskDefinition type="x" retries="5" />' + mapping({"i": "=1"}, {"o": "=answer"})
    first = start("se", on("message", "msg"), interrupting=False)
    inside = "; ".join((
        "start si; and f; user u; race g; user stop",
        node("receive", "r", messageRef="msg"),
        node("catch", "t", timer("duration", "PT1H")),
        node("catch", "sig", on("signal", "s2")),
        node("catch", "cond", on("conditional", "never = 1")),
        node("catch", "soon", timer("duration", "PT2H")),
        node("catch", "mail", on("message", "msg")),
        node("service", "sv", extension(service)),
        script("bad", "=1"),
        _call("c", "inner"),
        node("user", "many", each("=[1, 2]", "item")),
        sub("deep", "start sd; user d; end ed", "sd>d>ed", prefix="deep_"),
        on_timer("late", "u", "PT3H"),
        event_sub("es", f"{first}; user n; end ee", "se>n>ee", prefix="es_"),
        "end ei",
    ))  # fmt: skip
    flows = """si>f f>u>ei f>r>ei f>t>ei f>sig>ei f>cond>ei f>g g>soon>ei g>mail>ei f>sv>ei f>bad>ei f>c>ei f>many>ei
    f>deep>ei f>stop>ei late>ei"""
    return draw(
        f"start s; and o; {node('sub', 'sp', level(inside, flows, prefix='sp_'))};"
        f" {boundary('out', 'sp', on('signal', 'cut'))}; user x; user b; end e",
        "s>o o>sp>e o>b>e out>x>e",
        message("msg"),
        declared("signal", "s2"),
        declared("signal", "cut"),
        process("inner", level("start si2; user w; end ei2", "si2>w>ei2", prefix="inner_")),
    )


def _a_full_task() -> bytes:
    says = (
        '<zeebe:formDefinition formId="resolve" />'
        '<zeebe:assignmentDefinition assignee="=who" candidateGroups="tier1, billing" />'
        '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT4H&quot;)" />'
        '<zeebe:priorityDefinition priority="70" />'
    )
    task = node("user", "b", extension(says + mapping({"twice": "=n * 2"})), name="Resolve it")
    return draw(f"start s; user a; {task}; end e", "s>a>b>e")


def _timers() -> bytes:
    work = "user work; user look; end n; end m"
    day = node("catch", "on_day", timer("date", "2027-01-31T09:00:00Z"))
    each_hour = on_timer("each", "work", "R4/PT1H", "cycle", interrupting=False)
    events = f"{each_hour}; {on_timer('work_late', 'work', 'P2D')}"
    return draw(
        f"start s; and f; {day}; {work}; {events}; end e", "s>f f>on_day>e f>work>e each>n work_late>look>m"
    )


def _timers_of_goals() -> bytes:
    """Two timers that hang on a goal, one of them beside its task, and one by cron."""
    late, warned = (
        boundary(id, "work", timer("date", f"=goal.{moment}"), interrupting=interrupting).replace(
            "<boundaryEvent ", '<boundaryEvent casepath:goal="resolution" '
        )
        for id, moment, interrupting in (("late", "due", True), ("warned", "warning", False))
    )
    mornings = on_timer("mornings", "work", "0 9 * * MON-FRI", "cycle", interrupting=False)
    nodes = f"start s; user work; {late}; {warned}; {mornings}; user lead; end told; end noted; end e"
    return draw(nodes, "s>work>e late>lead>e warned>told mornings>noted")


def _messages() -> bytes:
    receive = node("receive", "r", extension(mapping(outputs={"happy": "=ok"})), messageRef="by_number")
    catch = node("catch", "c", on("message", "plain"))
    beside = on_message("beside", "r", "by_text", interrupting=False)
    return draw(
        f"start s; and f; {receive}; {catch}; {beside}; end e; end n",
        "s>f f>r>e f>c>e beside>n",
        message("by_text", "reply", "=ticket"),
        message("by_number", "paid", "=number"),
        message("plain", "done"),
    )


def _a_race() -> bytes:
    events = "; ".join((
        node("catch", "soon", timer("duration", "PT1H")),
        node("catch", "later", timer("duration", "PT5H")),
        node("catch", "mail", on("message", "msg")),
        node("catch", "alarm", on("signal", "sig")),
        node("catch", "full", on("conditional", "count > 2")),
    ))  # fmt: skip
    return draw(
        f"start s; race g; {events}; end e; end f; end h; end i; end j",
        "s>g g>soon>e g>later>f g>mail>h g>alarm>i g>full>j",
        message("msg"),
        declared("signal", "sig"),
    )


def _conditions() -> bytes:
    beside = boundary("b", "w", on("conditional", "count > 2"), interrupting=False)
    catch = node("catch", "c", on("conditional", "other"))
    return draw(
        f"start s; and f; user w; {beside}; {catch}; xor m; user o; xor x; user n; end e; end k",
        "s>f f>w>e f>c>e f>m m>o>x x>m [more] x>e * b>n>k",
    )


def _failures() -> bytes:
    finish = node("user", "finish", extension(mapping(outputs={"r": _TOO_LONG})))
    first = start(
        "si", extension(mapping(outputs={"q": _TOO_LONG})) + on("message", "msg"), interrupting=False
    )
    return draw(
        f"start s; and f; {script('enter', 'value')}; {finish}; user leave; user yes; {script('stray', '=1')};"
        f" user end_it; {event_sub('es', f'{first}; end ei', 'si>ei', prefix='es_')}; end e",
        "s>f f>enter>e f>finish>e f>leave leave>e [go] leave>yes * yes>e f>stray>end_it>e",
        message("msg"),
    )


def _parked() -> bytes:
    return draw(
        "start s; and f; user a; user b; xor m; user c; and j; user late; end e;"
        " or o; user x; user y; or i; user after; end n",
        "s>f f>a>m f>b>m m>j f>c>j j>late>e f>o o>x [both] o>y [true] x>i y>i i>after>n",
    )


def _many_at_once() -> bytes:
    results = {"item": "who", "result": "=answer"}
    task = node("user", "t", each("=people", results="tasks", **results))
    inside = level("start si; user u; end ei", "si>u>ei", prefix="g")
    box = node("sub", "sp", each("=people", results="subs", **results) + inside)
    return draw(f"start s; and f; {task}; {box}; end e", "s>f f>t>e f>sp>e")


def _one_after_another() -> bytes:
    calls = _call("many", "inner", inside=each("=items", "item", "answers", "=answer", sequential=True))
    again = node("user", "again", loop("more", "9"))
    event = on_timer("beside", "again", "PT9H", interrupting=False)
    inner = process("inner", level("start si; user ask; end ei", "si>ask>ei", prefix="g"))
    return draw(
        f"start s; and f; {calls}; {again}; {event}; end e; end n", "s>f f>many>e f>again>e beside>n", inner
    )


def _much_to_compensate() -> bytes:
    inside = level(f"start si; {_doing('b')}; end ei", "si>b>ei", prefix="g")
    box = node("sub", "sp", extension(mapping({"own": "=1"})) + inside)
    inner = process("inner", level(f"start sj; {_doing('c')}; end ej", "sj>c>ej", prefix="h"))
    return draw(
        f"start s; {_doing('a')}; {box}; {_call('call', 'inner')}; user last; {_undo()}; end e",
        "s>a>sp>call>last>undo>e",
        inner,
    )


def _compensated_by_an_event() -> bytes:
    nodes = f"{start('so', on('compensate'))}; user own; {_undo('within', 'end')}"
    own = event_sub("own_es", nodes, "so>own>within", prefix="o_")
    inside = level(f"start s1; {_doing('b')}; end e1; {own}", "s1>b>e1", prefix="g")
    first = start("si", on("message", "msg"))
    es = event_sub("es", f"{first}; {_undo()}; user n; end ei", "si>undo>n>ei", prefix="es_")
    return draw(
        f"start s; {_doing('a')}; {node('sub', 'sp', inside)}; user w; end e; {es}",
        "s>a>sp>w>e",
        message("msg"),
    )


def _a_cancelled_transaction() -> bytes:
    stop = node("end", "stop", on("cancel"))
    inside = level(
        f"start si; {_doing('hotel')}; {_doing('flight')}; user pay; xor x; {stop}; end ei",
        "si>hotel>flight>pay>x x>ei [paid] x>stop *",
        prefix="g",
    )
    left = boundary("undone", "tx", on("cancel"))
    return draw(
        f"start s; {node('transaction', 'tx', inside)}; {left}; user sorry; end e; end n",
        "s>tx>e undone>sorry>n",
    )


def _event_sub_processes() -> bytes:
    def box(definition: str, task: str, prefix: str, *, interrupting: bool) -> str:
        first = start(f"s{prefix}", definition, interrupting=interrupting)
        return event_sub(
            f"box_{task}",
            f"{first}; user {task}; end e{prefix}",
            f"s{prefix}>{task}>e{prefix}",
            prefix=f"{prefix}_",
        )

    boxes = "; ".join((
        box(on("message", "msg"), "n", "i", interrupting=True),
        box(on("signal", "sig"), "m", "k", interrupting=False),
        box(timer("cycle", "R/P1D"), "k", "t", interrupting=False),
    ))  # fmt: skip
    return draw(
        f"start s; user a; end e; {boxes}", "s>a>e", message("msg"), declared("signal", "sig", "line")
    )


def _three_calls_deep() -> bytes:
    processes = [
        process(
            f"p{number}",
            level(f"start s{number}; user {task}; {inside}end e{number}", flows, prefix=f"g{number}_"),
        )
        for number, task, inside, flows in (
            (1, "one", f"{_call('c2', 'p2')}; ", "s1>one>c2>e1"),
            (2, "two", f"{_call('c3', 'p3')}; ", "s2>two>c3>e2"),
            (3, "three", "", "s3>three>e3"),
        )
    ]
    return draw(f"start s; {_call('c1', 'p1')}; end e", "s>c1>e", *processes)


def _another_version() -> bytes:
    latest = 'bindingType="latest"'
    return draw(
        f"start s; {_call('first', 'newest', latest)}; {_call('second', 'newest2', latest)}; {_undo()}; end e",
        "s>first>second>undo>e",
    )


def _several_starts() -> bytes:
    starts = f"start s; {node('start', 'alarm', on('signal', 'sig'))}; {node('start', 'mail', on('message', 'msg'))}"
    stop = node("end", "stop", on("terminate"))
    return draw(
        f"{starts}; user day; user night; user out; and f; user other; {stop}; end e",
        "s>day>e alarm>night>e mail>f f>other>e f>out>stop",
        declared("signal", "sig", "line down"),
        message("msg", "stop"),
    )


DIAGRAMS = {
    made.__name__.removeprefix("_"): made()
    for made in (
        _everything_open, _a_full_task, _timers, _timers_of_goals, _messages, _a_race, _conditions, _failures,
        _parked, _many_at_once,
        _one_after_another, _much_to_compensate, _compensated_by_an_event, _a_cancelled_transaction,
        _event_sub_processes, _three_calls_deep, _another_version, _several_starts,
    )
}  # fmt: skip

_LATER = process("newest2", level("start sn; user again; end en", "sn>again>en", prefix="n"))
OTHER = {
    "another_version": draw(f"start so; {_doing('ask')}; end eo", "so>ask>eo", _LATER, key="newest"),
}
