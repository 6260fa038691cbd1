"""Timers are rows: whatever happens to Redis, workers and schedulers, each fires once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from time import monotonic

import psycopg
import pytest
from redis.exceptions import RedisError

from engine.engine import Outcome
from engine.errors import Conflict
from engine.runtime.commands import Command
from engine.runtime.instance import Instance
from engine.settings import Settings
from engine.store import UnitOfWork
from engine.workers.jobs import fire_timer
from engine.workers.queues import TIMERS, connect, queue
from engine.workers.scheduler import Scheduler
from tests.office import AT_ONCE, MONDAY, Office
from tests.parts.spiff.drawing import draw, extension, node, on_timer

HOUR = timedelta(hours=1)
ESCALATING = draw(f"start s; user work; {on_timer('late', 'work', 'PT4H')}; user lead; end e; end x",
                  "s>work>e late>lead>x")  # fmt: skip


def test_a_timer_fires_after_valkey_was_flushed_while_it_waited(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.redis.flushdb()
    office.at(MONDAY + 4 * HOUR)
    office.settle()
    assert office.fired() == ["late"]


def test_a_timer_whose_job_was_flushed_fires_when_its_lease_ends(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.at(MONDAY + 4 * HOUR)
    assert office.scheduler(lease=AT_ONCE).round() == 1
    office.redis.flushdb()
    office.work()
    assert office.fired() == []
    office.settle()
    assert office.fired() == ["late"]


def test_a_leased_timer_is_not_claimed_again_before_its_lease_ends(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.at(MONDAY + 4 * HOUR)
    assert office.scheduler().round() == 1
    assert office.scheduler().round() == 0


def test_a_timer_claimed_while_valkey_is_away_is_free_again_at_once(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.at(MONDAY + 4 * HOUR)
    nowhere = connect("redis://127.0.0.1:1/0")
    with pytest.raises(RedisError):
        Scheduler(office.casepath.store, office.casepath.clock, nowhere).round()
    office.settle()
    assert office.fired() == ["late"]


def test_a_worker_killed_in_a_job_loses_nothing_and_doubles_nothing(
    office: Office, settings: Settings
) -> None:
    office.deploy(ESCALATING)
    instance = office.open()
    office.at(MONDAY + 4 * HOUR)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("SELECT 1 FROM instance WHERE id = %s FOR UPDATE", (instance,))
        worker = real_worker(settings)
        office.scheduler(lease=AT_ONCE).round()
        until_somebody_waits_for_a_lock(office, worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert office.fired() == []
    office.settle()
    assert office.fired() == ["late"]


def real_worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **settings.as_environment()}
    return subprocess.Popen([sys.executable, "-m", "engine.cli", "worker"], env=environment)


def until_somebody_waits_for_a_lock(office: Office, worker: subprocess.Popen[bytes]) -> None:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = monotonic() + 60
    while office.rows(sql) == [(0,)]:
        assert monotonic() < end and worker.poll() is None, "the worker never came to the instance's lock"


def test_the_same_job_delivered_twice_fires_once(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.at(MONDAY + 4 * HOUR)
    office.scheduler(lease=AT_ONCE).round()
    office.scheduler(lease=AT_ONCE).round()
    assert queue(TIMERS, office.redis).count == 2
    office.work()
    assert office.fired() == ["late"]


def test_two_workers_firing_one_timer_at_the_same_moment_fire_it_once(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    due = MONDAY + 4 * HOUR
    office.at(due)
    (timer,) = office.casepath.store.timers.claim_due(due, limit=5, lease=AT_ONCE)
    threads = [
        threading.Thread(target=fire_timer, args=(office.casepath, office.desk_id, timer.id, due.isoformat()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.fired() == ["late"]


def test_two_schedulers_at_once_share_the_timers(office: Office) -> None:
    office.deploy(ESCALATING)
    for _ in range(120):
        office.open()
    office.at(MONDAY + 4 * HOUR)
    claimed: list[int] = []
    threads = [threading.Thread(target=lambda: claimed.append(office.scheduler().round())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claimed) == 120
    office.work()
    assert office.fired() == ["late"] * 120


def test_a_week_passes_at_once_for_interrupting_other_and_repeating_timers(office: Office) -> None:
    note = node("script", "note", extension('<zeebe:script expression="=1" resultVariable="noted" />'))
    boundary = on_timer("remind", "work", "PT48H", interrupting=False)
    boundary += on_timer("tick", "work", "R/PT24H", "cycle", interrupting=False)
    boundary += on_timer("close", "work", "P10D")
    office.deploy(
        draw(
            f"start s; user work; {boundary}; {note}; user closing; end e; end x; end y; end z",
            "s>work>e remind>x tick>note>y close>closing>z",
        )
    )
    office.open()
    week = MONDAY + timedelta(days=7)
    office.at(week)
    office.settle()
    assert office.fired() == ["tick", "remind"]
    armed = office.rows("SELECT element, due_at FROM timer WHERE state = 'armed' ORDER BY due_at")
    assert armed == [("tick", week + timedelta(days=1)), ("close", MONDAY + timedelta(days=10))]
    office.at(MONDAY + timedelta(days=10))
    office.settle()
    assert office.fired() == ["tick", "remind", "tick", "close"]


def test_due_and_fired_moments_are_kept(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    late: datetime = MONDAY + 6 * HOUR
    office.at(late)
    office.settle()
    assert office.rows("SELECT due_at, fired_at FROM timer WHERE element = 'late'") == [
        (MONDAY + 4 * HOUR, late)
    ]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_a_timer_that_leads_to_what_cannot_be_done_fires_once_and_an_incident_opens_there(
    office: Office, late: timedelta
) -> None:
    office.deploy(
        draw(
            f"start s; user work; {on_timer('late', 'work', 'PT1H')}; xor which; end e; end x; end y",
            "s>work>e late>which which>x [=answer > 3] which>y *",
        )
    )
    office.open()
    office.at(MONDAY + HOUR + late)
    office.settle()
    assert office.rows("SELECT state FROM timer WHERE element = 'late'") == [("fired",)]
    ((kind, element, message),) = office.rows("SELECT kind, element, message FROM incident")
    assert (kind, element) == ("element", "which")
    assert "answer > 3" in str(message)


@pytest.mark.parametrize("state", [b'{"v": 99}', b'{"v": 1}', b"no JSON at all"])
def test_an_instance_that_cannot_be_loaded_becomes_an_incident_and_not_an_endless_job(
    office: Office, state: bytes
) -> None:
    office.deploy(ESCALATING)
    office.open()
    office.rows("UPDATE instance SET state = %s RETURNING 1", state)
    office.at(MONDAY + 4 * HOUR)
    office.settle()
    assert office.rows("SELECT state FROM timer") == [("failed",)]
    assert office.rows("SELECT status FROM instance") == [("incident",)]
    assert office.rows("SELECT kind FROM incident") == [("timer",)]


def test_a_worker_whose_clock_is_behind_leaves_the_timer_for_later(office: Office) -> None:
    office.deploy(ESCALATING)
    office.open()
    due = MONDAY + 4 * HOUR
    office.at(due)
    assert office.scheduler(lease=AT_ONCE).round() == 1
    office.at(due - timedelta(milliseconds=20))
    office.work()
    assert office.fired() == []
    office.at(due)
    office.settle()
    assert office.fired() == ["late"]


def test_an_instance_that_a_step_still_holds_keeps_its_timer_armed(
    office: Office, settings: Settings
) -> None:
    office.deploy(ESCALATING)
    instance = office.open()
    office.at(MONDAY + 4 * HOUR)
    (timer,) = office.casepath.store.timers.claim_due(MONDAY + 4 * HOUR, limit=5, lease=AT_ONCE)
    with psycopg.connect(settings.database_url) as holder:
        holder.execute("SELECT 1 FROM instance WHERE id = %s FOR UPDATE", (instance,))
        with pytest.raises(Conflict):
            fire_timer(office.casepath, office.desk_id, timer.id, timer.due_at.isoformat())
    assert office.rows("SELECT state FROM timer") == [("armed",)]
    office.settle()
    assert office.fired() == ["late"]


def test_a_timer_that_breaks_its_job_does_not_hold_up_those_behind_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deploy(ESCALATING)
    broken = office.open()
    office.at(MONDAY + HOUR)
    whole = office.open()
    handle = office.casepath.engine._take

    def breaking(command: Command, instance: Instance, work: UnitOfWork) -> Outcome:
        if instance.id == broken:
            raise RuntimeError("a fault of ours")
        return handle(command, instance, work)

    monkeypatch.setattr(office.casepath.engine, "_take", breaking)
    office.at(MONDAY + 6 * HOUR)
    assert office.scheduler().round() == 2
    office.work()
    assert office.rows("SELECT instance_id FROM timer WHERE state = 'fired'") == [(whole,)]
