"""Timers, messages, starts and ends: what waits, what interrupts, and what then still runs (nothing)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import NotFound
from engine.spiff import RunRefused, TimerWait

from .drawing import draw, level, message, node, on_message, on_timer, script, timer
from .playing import NOON, Play, begin

HOUR = timedelta(hours=1)


def remind(text: str, *, interrupting: bool = False, kind: str = "cycle") -> bytes:
    event = on_timer("remind", "work", text, kind, interrupting=interrupting)
    return draw(f"start s; user work; end e; send ping; end n; {event}", "s>work>e remind>ping>n").replace(
        b'<sendTask id="ping"', b'<sendTask id="ping" casepath:template="t_ping"'
    )


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("duration", "PT4H", NOON + 4 * HOUR),
        ("duration", "=duration(\"PT1H\") * 2", NOON + 2 * HOUR),
        ("duration", "wait", NOON + 3 * HOUR),
        ("duration", "P1M", datetime(2026, 12, 23, 12, tzinfo=UTC)),
        ("date", "2026-12-04T19:30:00-05:00", datetime(2026, 12, 5, 0, 30, tzinfo=UTC)),
        ("date", "=now() + duration(\"P1D\")", NOON + 24 * HOUR),
        ("date", "2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_timer_is_due_when_its_text_says(kind: str, text: str, due: datetime) -> None:
    catch = node("catch", "t", timer(kind, text))
    play = begin(draw(f"start s; {catch}; end e", "s>t>e"), wait="PT3H")
    wait = play.wait("t")
    assert isinstance(wait, TimerWait)
    assert (wait.due, wait.since) == (due, NOON)
    assert play.what("timer_armed")[0]["due"] == due
    play.fire("t")
    assert play.run.ended == "completed"


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("duration", "=nothing", "null"),
        ("duration", '="4 hours"', "'4 hours'"),
        ("date", '=date("2026-12-04")', '@"2026-12-04"'),
        ("date", '=date and time(day + "T10:00:00")', '@"2026-12-04T10:00:00"'),
    ],
)  # fmt: skip
def test_an_expression_that_names_no_moment_arms_no_timer(kind: str, text: str, found: str) -> None:
    catch = node("catch", "t", timer(kind, text))
    play = begin(draw(f"start s; {catch}; end e", "s>t>e"), day="2026-12-04")
    assert play.failures["t"].startswith("At 't': Expected timer")
    assert f"but it gives {found}" in play.failures["t"]
    assert play.path("timer_armed") == []


def test_an_interrupting_timer_ends_the_task_and_takes_its_way() -> None:
    play = begin(remind("PT4H", interrupting=True, kind="duration"))
    task = play.wait("work")
    play.fire("remind")
    assert play.now == NOON + 4 * HOUR
    assert play.run.ended == "completed"
    assert play.what("task_cancelled")[0]["task"] == str(task.id)
    after = play.happenings[[it.kind for it in play.happenings].index("task_cancelled") :]
    assert [(it.kind, it.element) for it in after[:4]] == [
        ("task_cancelled", "work"), ("cancelled", "work"), ("entered", "remind"), ("left", "remind"),
    ]  # fmt: skip


def test_a_timer_beside_fires_once_and_the_task_stays() -> None:
    play = begin(remind("PT4H", kind="duration"))
    play.fire("remind")
    assert play.waiting == ["work"]
    assert len(play.what("send_requested")) == 1


def test_a_cycle_fires_as_often_as_it_says_on_its_grid() -> None:
    play = begin(remind("R3/PT1H"))
    first = play.wait("remind").id
    for hour, late in ((1, 0), (2, 20), (3, 0)):
        assert play.wait("remind").due == NOON + hour * HOUR
        play.fire("remind", late=timedelta(minutes=late))
    assert play.waiting == ["work"]
    assert len(play.what("send_requested")) == 3
    assert [it["cycle"] for it in play.what("timer_armed")] == ["R3/PT1H", "R2/PT1H", "R1/PT1H"]
    assert str(first) not in {it["timer"] for it in play.what("timer_armed")[1:]}


def test_missed_rounds_collapse_into_one_and_the_grid_stays() -> None:
    play = begin(remind("R/PT1H"))
    play.fire("remind", late=timedelta(hours=10, minutes=30))
    assert len(play.what("send_requested")) == 1
    assert play.wait("remind").due == NOON + 12 * HOUR


def test_missed_rounds_of_a_finite_cycle_are_used_up() -> None:
    play = begin(remind("R3/PT1H"))
    play.fire("remind", late=timedelta(minutes=90))
    assert play.wait("remind").due == NOON + 3 * HOUR
    play.fire("remind")
    assert play.waiting == ["work"]


def test_a_monthly_cycle_stays_on_the_last_day_of_short_months() -> None:
    play = begin(remind("R/2027-01-31T09:00:00Z/P1M"))
    days = []
    for _ in range(4):
        days.append(play.wait("remind").due.date().isoformat())
        play.fire("remind")
    assert days == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def due_moments(play: Play, rounds: int) -> list[str]:
    """Fire a timer so often; return when each round was due."""
    days = []
    for _ in range(rounds):
        days.append(play.wait("remind").due.isoformat())
        play.fire("remind")
    return days


def test_cron_goes_by_the_clock_of_the_pack() -> None:
    play = begin(remind("0 9 * * MON-FRI"))  # it is Monday noon
    assert play.what("timer_armed")[0]["cycle"] == "0 9 * * MON-FRI"
    assert due_moments(play, 2) == ["2026-11-24T09:00:00+00:00", "2026-11-25T09:00:00+00:00"]
    play.zone = ZoneInfo("America/New_York")
    play.fire("remind", late=timedelta(days=1))
    assert due_moments(play, 1) == ["2026-11-27T14:00:00+00:00"]


def test_a_repetition_may_end_at_a_moment() -> None:
    play = begin(remind("R3/P1W/2026-12-14T09:00:00Z"))
    assert due_moments(play, 3) == [f"2026-{day}T09:00:00+00:00" for day in ("11-30", "12-07", "12-14")]
    assert play.waiting == ["work"]


@pytest.mark.parametrize(
    ("text", "hours"), [("PT1.5H", 1.5), ("P1W", 7 * 24), ("P0,5D", 12), ("P1DT12H", 36), ("+PT1H", 1)]
)
def test_a_duration_is_iso_8601_whole(text: str, hours: float) -> None:
    assert begin(remind(text, kind="duration")).wait("remind").due == NOON + hours * HOUR


def test_months_and_days_go_together() -> None:
    assert (
        begin(remind("P1M2DT1H", kind="duration")).wait("remind").due.isoformat()
        == "2026-12-25T13:00:00+00:00"
    )


def test_what_is_interrupted_never_runs_again() -> None:
    """The library goes on with the automatic tasks of an interrupted sub-process."""
    inside = level(f"start si; and fork; user a; user b; {script('late', '={ran: true}')}; end ei",
                   "si>fork fork>a>late>ei fork>b>ei", prefix="g")  # fmt: skip
    sub = node("sub", "sp", inside)
    source = draw(
        f"start s; {sub}; end e; user after; end n; {on_message('stop', 'sp', 'm')}",
        "s>sp>e stop>after>n",
        message("m"),
    )
    play = begin(source)
    assert play.waiting == ["stop", "a", "b"]
    play.deliver("stop", reason="gone")
    assert play.waiting == ["after"]
    assert play.variables == {"reason": "gone"}
    assert play.path("cancelled") == ["a", "b", "sp"]
    assert play.path("task_cancelled") == ["a", "b"]


def test_a_message_beside_its_activity_stays_subscribed_with_the_same_id() -> None:
    source = draw(
        f"start s; user work; end e; end n; {on_message('reply', 'work', 'm', interrupting=False)}",
        "s>work>e reply>n",
        message("m"),
    )
    play = begin(source)
    before = play.wait("reply").id
    play.deliver("reply", text="first")
    play.deliver("reply", text="second")
    assert play.wait("reply").id == before
    assert len(play.what("message_awaited")) == 1
    assert play.what("message_ended") == []
    play.complete("work")
    assert len(play.what("message_ended")) == 1


def test_a_message_goes_to_one_catcher_only() -> None:
    source = draw(
        "start s; and fork; receive a; receive b; and join; end e",
        "s>fork fork>a>join fork>b>join join>e",
        message("m"),
    ).replace(b'<receiveTask id="', b'<receiveTask messageRef="m" id="')
    play = begin(source)
    play.deliver("b")
    assert play.waiting == ["a"]


def test_an_intermediate_message_waits_and_maps() -> None:
    catch = node("catch", "c", '<messageEventDefinition messageRef="m" />')
    play = begin(draw(f"start s; {catch}; end e", "s>c>e", message("m", "paid")))
    assert (play.wait("c").name, play.wait("c").key) == ("paid", None)
    play.deliver("c", amount=5)
    assert play.variables == {"amount": 5}
    assert play.run.ended == "completed"


def test_a_process_begins_at_the_start_event_of_its_message() -> None:
    start = node("start", "by_mail", '<messageEventDefinition messageRef="m" />')
    source = draw(f"start s; {start}; user a; user b; end e", "s>a>e by_mail>b>e", message("m", "mail"))
    assert begin(source).waiting == ["a"]
    assert begin(source, message="mail").waiting == ["b"]
    with pytest.raises(RunRefused, match="a start event for the message 'fax', but the process has none"):
        begin(source, message="fax")


def test_a_terminate_end_takes_everything_with_it() -> None:
    source = draw(
        f"start s; and fork; user a; user b; {node('end', 'stop', '<terminateEventDefinition />')};"
        f" {on_timer('t', 'a', 'PT1H')}; end e",
        "s>fork fork>a>e fork>b>stop t>e",
    )
    play = begin(source)
    play.complete("b")
    assert play.run.ended == "terminated"
    assert play.waiting == []
    assert play.path("task_cancelled", "timer_cancelled") == ["a", "t"]
    assert play.happenings[-1].kind == "ended"


def test_what_was_not_yet_entered_is_not_cancelled() -> None:
    stop = node("end", "stop", "<terminateEventDefinition />")
    play = begin(draw(f"start s; and fork; {stop}; user late; end e", "s>fork fork>stop fork>late>e"))
    assert play.path("entered", "cancelled") == ["s", "fork", "stop"]
    assert play.run.ended == "terminated"


def test_a_terminate_end_in_a_sub_process_ends_only_that() -> None:
    inside = level(
        f"start si; and fork; user a; {node('end', 'stop', '<terminateEventDefinition />')}; end ei",
        "si>fork fork>a>ei fork>stop",
        prefix="g",
    )
    play = begin(draw(f"start s; {node('sub', 'sp', inside)}; user after; end e", "s>sp>after>e"))
    assert play.waiting == ["after"]
    play.complete("after")
    assert play.run.ended == "completed"


def test_cancelling_ends_all_that_is_open() -> None:
    play = begin(remind("PT4H", kind="duration"))
    play.cancel()
    assert (play.run.ended, play.waiting) == ("cancelled", [])
    assert [it.kind for it in play.happenings[-4:]] == [
        "task_cancelled",
        "timer_cancelled",
        "cancelled",
        "ended",
    ]


def test_what_has_ended_can_not_be_cancelled() -> None:
    play = begin(draw("start s; end e", "s>e"))
    with pytest.raises(RunRefused, match="but it is completed"):
        play.cancel()


def test_what_is_not_waited_for_can_not_happen() -> None:
    play = begin(remind("PT4H", kind="duration"))
    timer_id = play.wait("remind").id
    play.complete("work")
    for step in (play.run.fire, lambda it: play.run.complete(it, {}), lambda it: play.run.deliver(it, {})):
        with pytest.raises(NotFound, match="but the run waits for none of that id"):
            step(timer_id)


def test_a_timer_is_no_task() -> None:
    play = begin(remind("PT4H", kind="duration"))
    with pytest.raises(NotFound):
        play.run.complete(play.wait("remind").id, {})
