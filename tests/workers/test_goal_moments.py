"""Warnings and breaches come by scheduler and worker, once, whoever is late; and stand at the moment that was due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.office import MONDAY, Office, operator
from tests.workers.test_adopter import HOUR, files

TOLD = "SELECT kind FROM trail WHERE kind IN ('goal_warned', 'goal_breached') ORDER BY seq"


@pytest.fixture
def promised(office: Office) -> Office:
    """A ticket whose goal warns 12 hours after Monday noon, and is due 24 hours after."""
    office.desk_id = office.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY).id
    office.casepath.deployments.deploy(office.desk_id, files(), operator())
    office.open()
    return office


def told(office: Office) -> list[object]:
    return [kind for (kind,) in office.rows(TOLD)]


def test_a_warning_and_a_breach_are_told_at_their_moments_though_nobody_looked_for_a_day(
    promised: Office,
) -> None:
    [(warn, due)] = promised.rows("SELECT warn_at, due_at FROM goal_clock")
    promised.at(due + timedelta(days=1))
    promised.settle()
    promised.settle()
    assert told(promised) == ["goal_warned", "goal_breached"]
    assert promised.rows("SELECT breached_at, due_at FROM goal_clock") == [(due, due)]
    assert warn == due - 12 * HOUR
    assert promised.rows("SELECT state FROM timer WHERE goal IS NOT NULL") == [("cancelled",)]


def test_nothing_is_told_before_its_moment(promised: Office) -> None:
    [(warn,)] = promised.rows("SELECT warn_at FROM goal_clock")
    promised.at(warn - timedelta(microseconds=1))
    promised.settle()
    assert told(promised) == []
    promised.at(warn)
    promised.settle()
    assert told(promised) == ["goal_warned"]


def test_a_moment_that_is_claimed_twice_is_told_once(promised: Office) -> None:
    """As when Redis is flushed and the lease ends while a job is still on its way."""
    [(warn,)] = promised.rows("SELECT warn_at FROM goal_clock")
    promised.at(warn)
    promised.scheduler(lease=timedelta()).round()
    promised.scheduler(lease=timedelta()).round()
    promised.work()
    assert told(promised) == ["goal_warned"]
