"""A refund is paid exactly once, wherever around it the worker is killed; with real workers, killed by SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

from engine.records import BY_PLURAL
from engine.runtime.commands import RetryIncident
from engine.services import BpmnError
from engine.settings import Settings
from tests.office import Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, mapping, node

# The handler passes three points. At the one it is told to, the first worker stays until it is killed.
HANDLER = """
import pathlib, time
from engine.services import Job, handler

FOLDER = pathlib.Path("{folder}")

def passes(point):
    earlier = len(list(FOLDER.glob(point + "*")))
    (FOLDER / (point + str(earlier))).touch()
    if point == "{stops_at}" and not earlier:
        time.sleep(60)

@handler("{operation}")
def move(job):
    passes("before")
    answer = job.records.do(job.type, job.inputs)
    passes("after")
    return answer
"""
INPUTS = mapping({"account": '="A-1"', "amount": "=20", "currency": '="EUR"'}, {"refund": "=refund"})


def deploy(office: Office, stops_at: str, retries: int = 3) -> Path:
    """Deploy a process that refunds 20 of the 50 that were paid; return where the handler leaves its marks."""
    folder = office.casepath.settings.data_dir / "passed"
    folder.mkdir()
    folder.chmod(0o777)
    type = f'<zeebe:taskDefinition type="payment.refund" retries="{retries}" />'
    service = node("service", "pay", extension(type + INPUTS))
    source = HANDLER.format(folder=folder, stops_at=stops_at, operation="payment.refund")
    office.deploy(draw(f"start s; {service}; user paid; end e", "s>pay>paid>e"), services_py=source.encode())
    account = {"number": "A-1", "name": "Ann", "currency": "EUR"}
    payment = {"number": "P-1", "account": "A-1", "amount": Decimal(50)}
    office.casepath.records.enter(
        office.desk_id, [(BY_PLURAL["accounts"], account), (BY_PLURAL["payments"], payment)]
    )
    return folder


def killed_when(office: Office, settings: Settings, reached: Callable[[], bool]) -> None:
    """Let a real worker begin, and kill it as soon as it has come that far."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "engine.cli", "worker"], env={**os.environ, **settings.as_environment()}
    )
    office.scheduler().round()
    end = monotonic() + 60
    while not reached():
        assert monotonic() < end and worker.poll() is None, "the worker never came there"
        sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def again(office: Office) -> None:
    """Let the lease of the dead worker be over, and another one work."""
    office.rows("UPDATE outbox SET next_at = now() WHERE state = 'pending' RETURNING 1")
    office.settle()


def paid(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT number, amount FROM refund")


def refunded(office: Office) -> object:
    return office.rows("SELECT refunded FROM payment")[0][0]


@pytest.mark.parametrize(("stops_at", "paid_at_death", "calls"), [("before", 0, 2), ("after", 1, 2)])
def test_a_worker_killed_around_the_operation_is_followed_by_one_that_pays_once_in_all(
    office: Office, settings: Settings, stops_at: str, paid_at_death: int, calls: int
) -> None:
    folder = deploy(office, stops_at)
    office.open()
    killed_when(office, settings, lambda: (folder / f"{stops_at}0").exists())
    assert len(paid(office)) == paid_at_death
    again(office)
    assert len(list(folder.glob("before*"))) == calls
    assert paid(office) == [("REF-1", Decimal(20))]
    assert refunded(office) == Decimal(20)
    assert office.rows("SELECT element FROM task WHERE state = 'open'") == [("paid",)]
    answered = "SELECT value FROM trail_value WHERE name = 'refund'"
    assert (b'"REF-1"',) in office.rows(answered)


def test_a_worker_killed_after_the_answer_was_kept_leaves_nothing_to_do_again(
    office: Office, settings: Settings
) -> None:
    folder = deploy(office, "nowhere")
    office.open()
    done = "SELECT 1 FROM outbox WHERE state = 'done'"
    killed_when(office, settings, lambda: bool(office.rows(done)))
    again(office)
    assert len(list(folder.glob("before*"))) == 1
    assert paid(office) == [("REF-1", Decimal(20))]


def test_two_workers_with_the_same_key_at_once_pay_once_and_get_the_same_answer(office: Office) -> None:
    deploy(office, "nowhere")
    job = office.casepath.records.for_job(office.desk_id, uuid4(), 1)
    inputs = {"account": "A-1", "amount": Decimal(20), "currency": "EUR"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: job.do("payment.refund", inputs), range(8)))
    assert {answer["refund"] for answer in answers} == {"REF-1"}
    assert refunded(office) == Decimal(20)


def test_no_more_is_paid_back_than_was_paid_however_many_ask_at_once(office: Office) -> None:
    deploy(office, "nowhere")
    inputs = {"account": "A-1", "amount": Decimal(20), "currency": "EUR"}

    def ask(_: int) -> bool:
        job = office.casepath.records.for_job(office.desk_id, uuid4(), 1)
        try:
            return bool(job.do("payment.refund", inputs))
        except BpmnError as refusal:
            return refusal.code != "amount_above_paid"

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 2
    assert (len(paid(office)), refunded(office)) == (2, Decimal(40))


def retried_by_a_lead(office: Office) -> str:
    """Let a lead retry the open incident; return what it said."""
    ((id, message),) = office.rows("SELECT id, message FROM incident WHERE closed_at IS NULL")
    office.casepath.engine.handle(
        RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=id)
    )
    office.settle()
    return str(message)


def test_a_lead_who_retries_what_was_paid_but_never_answered_pays_nothing_again(
    office: Office, settings: Settings
) -> None:
    folder = deploy(office, "after", retries=1)
    office.open()
    killed_when(office, settings, lambda: (folder / "after0").exists())
    again(office)
    assert "whoever worked on it died" in retried_by_a_lead(office)
    assert len(list(folder.glob("before*"))) == 2
    assert paid(office) == [("REF-1", Decimal(20))]
    assert office.rows("SELECT element FROM task WHERE state = 'open'") == [("paid",)]


def test_a_lead_who_retries_what_was_refused_has_it_judged_anew(office: Office) -> None:
    deploy(office, "nowhere")
    office.rows("UPDATE payment SET refunded = 40 RETURNING 1")
    office.open()
    office.settle()
    office.rows("UPDATE payment SET refunded = 30 RETURNING 1")
    assert "amount_above_paid" in retried_by_a_lead(office)
    assert paid(office) == [("REF-1", Decimal(20))]
