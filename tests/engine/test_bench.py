"""The bench measures what it says, in the form that other tools read. Its bounds are for `casepath bench` alone."""

from __future__ import annotations

import json
from dataclasses import replace

import psycopg
import pytest

from engine.bench.loop import measure_loop
from engine.bench.scratch import Bench, prepare, scratch
from engine.bench.step import measure_step
from engine.bootstrap import open_casepath
from engine.cli.__main__ import main
from engine.settings import Settings


def test_a_step_is_measured_against_its_floor(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert main(["bench", "step", "--clients", "2", "--steps", "20", "--json"]) == 0
    figure = json.loads(capsys.readouterr().out)
    assert set(figure) == {"ratio", "clients", "step_ms", "floor_ms"}
    assert figure["clients"] == 2
    assert figure["ratio"] == pytest.approx(figure["step_ms"] / figure["floor_ms"], abs=0.01)


def test_a_step_is_measured_with_three_goals_beside_armed_timers(settings: Settings) -> None:
    figure = measure_step(replace(settings, test_clock=False), steps=20, goals=True, timers=100)
    assert figure.ratio > 0
    with scratch(settings) as other:
        casepath = open_casepath(other)
        desk_id = prepare(other, goals=True, timers=100)
        Bench(casepath, desk_id).open_ticket()
        with casepath.store.transaction() as connection:
            armed = "SELECT count(*) FROM timer WHERE state = 'armed'"
            assert connection.execute("SELECT count(*) FROM goal_clock").fetchone() == (3,)
            assert connection.execute(armed).fetchone() == (103,)
        casepath.close()


def test_a_long_loop_leaves_a_small_state_and_no_scratch_database(settings: Settings) -> None:
    settings = replace(settings, test_clock=False)
    figure = measure_loop(settings, rounds=120)
    assert figure.rounds == 120
    assert (
        0 < figure.state_bytes < measure_loop(settings, rounds=60).state_bytes + 8
    )  # the round's number at most
    with psycopg.connect(settings.admin_database_url) as connection:
        sql = "SELECT count(*) FROM pg_database WHERE datname LIKE 'casepath_bench_%'"
        assert connection.execute(sql).fetchone() == (0,)
