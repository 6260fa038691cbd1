"""Service calls: limits, pauses, keys, BPMN errors and late answers, with real workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest

from engine.correlation.pausing import pause
from engine.runtime.commands import CancelTicket, RetryIncident
from engine.settings import Settings
from engine.workers.limiting import TookTooLong, limited
from tests.office import Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import boundary, declared, draw, extension, mapping, node, on

REFUSED = declared("error", "refused", code="refused")


def service(retries: int = 2, **more: str) -> str:
    inputs = mapping({"folder": '="{folder}"'})
    return node(
        "service",
        "log",
        extension(f'<zeebe:taskDefinition type="log" retries="{retries}" />{inputs}'),
        **more,
    )


def deploy(office: Office, drawn: str, body: str, *, caught: bool = False) -> Path:
    """Deploy a process with a service task whose handler runs a body; `folder` is where it leaves what it did."""
    folder = office.casepath.settings.data_dir / "done"
    folder.mkdir()
    folder.chmod(0o777)
    folder.parent.chmod(0o777)
    drawn = drawn.replace("{folder}", str(folder))
    nodes, flows = f"start s; {drawn}; user work; end e", "s>log>work>e"
    if caught:
        nodes, flows = (
            f"{nodes}; {boundary('b', 'log', on('error', 'refused'))}; user other; end x",
            f"{flows} b>other>x",
        )
    source = "import pathlib, time\nfrom engine.services import BpmnError, Job, handler\n\n"
    source += "@handler('log')\ndef log(job):\n"
    source += "    folder = pathlib.Path(job.inputs['folder'])\n"
    # Whole at once: a worker is killed as soon as the file is seen.
    source += "    place = folder / str(len(list(folder.iterdir())))\n"
    source += "    unseen = folder.parent / f'unseen {job.key}'\n"
    source += "    unseen.write_text(str(job.key))\n"
    source += "    unseen.rename(place)\n"
    source += "".join(f"    {line}\n" for line in body.splitlines())
    office.deploy(draw(nodes, flows, REFUSED), services_py=source.encode())
    return folder


def keys(folder: Path) -> list[str]:
    """The keys of all calls, in order."""
    return [path.read_text() for path in sorted(folder.iterdir())]


def now_again(office: Office) -> None:
    """Let the pause after a failed try, or the lease of a dead worker, be over."""
    office.rows("UPDATE outbox SET next_at = now() WHERE state = 'pending' RETURNING 1")


def open_tasks(office: Office) -> list[object]:
    return [row[0] for row in office.rows("SELECT element FROM task WHERE state = 'open'")]


def incident(office: Office) -> tuple[UUID, str]:
    ((id, message),) = office.rows("SELECT id, message FROM incident WHERE closed_at IS NULL")
    assert isinstance(id, UUID)
    return id, str(message)


def test_a_handler_that_hangs_is_stopped_and_that_counts_as_a_failed_try(office: Office) -> None:
    folder = deploy(office, service(casepath_timeOut="PT1S"), "time.sleep(60)")
    office.open()
    for _ in range(2):
        office.settle()
        now_again(office)
    assert len(keys(folder)) == 2
    assert incident(office)[1] == "Expected an answer within 1 seconds, but it took longer."
    assert office.rows("SELECT state, attempts FROM outbox") == [("failed", 2)]


def test_a_handler_can_not_catch_its_own_end_as_just_another_failure(office: Office) -> None:
    body = "for _ in range(60):\n    try:\n        time.sleep(60)\n    except Exception:\n        pass"
    deploy(office, service(1, casepath_timeOut="PT1S"), body)
    office.open()
    office.settle()
    assert "took longer" in incident(office)[1]


def test_the_limit_of_a_handler_gives_the_limit_of_its_job_back() -> None:
    def too_long(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, 30)
    try:
        with pytest.raises(TookTooLong), limited(0.05):
            sleep(5)
        assert signal.getsignal(signal.SIGALRM) is too_long
        assert 20 < signal.getitimer(signal.ITIMER_REAL)[0] < 30
        with limited(5):
            pass
        assert 20 < signal.getitimer(signal.ITIMER_REAL)[0] < 30
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_pause_doubles_unless_the_diagram_says_how_long() -> None:
    seconds = [pause(failed).total_seconds() for failed in (1, 2, 3, 20)]
    assert seconds == [10, 20, 40, 3600]
    listed = "PT10S, PT1M,PT10M"
    assert [pause(failed, listed) for failed in (1, 2, 3, 4)] == [
        timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=10),
    ]  # fmt: skip
    assert pause(5, "PT1M") == timedelta(minutes=1)


def test_a_failed_call_waits_as_long_as_its_back_off_says(office: Office) -> None:
    deploy(office, service(3, casepath_backOff="PT1M,PT1H"), "raise OSError('away')")
    office.open()
    waited = []
    for _ in range(2):
        office.settle()
        ((left,),) = office.rows("SELECT round(extract(epoch FROM next_at - now()) / 60) FROM outbox")
        waited.append(left)
        now_again(office)
    assert waited == [1, 60]


def test_the_key_is_the_same_at_each_try_and_another_after_a_persons_retry(office: Office) -> None:
    folder = deploy(office, service(3), "raise OSError('away')")
    office.open()
    for _ in range(3):
        office.settle()
        now_again(office)
    office.casepath.engine.handle(
        RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=incident(office)[0])
    )
    for _ in range(3):
        office.settle()
        now_again(office)
    first, second = keys(folder)[:3], keys(folder)[3:]
    assert (len(set(first)), len(second), len(set(second))) == (1, 3, 1)
    assert set(first).isdisjoint(second)
    assert "away" in incident(office)[1]


def killed_in_the_call(office: Office, settings: Settings, folder: Path, calls: int) -> None:
    """Let a real worker begin a call, and kill it there."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "engine.cli", "worker"], env={**os.environ, **settings.as_environment()}
    )
    office.scheduler().round()
    end = monotonic() + 60
    while len(list(folder.iterdir())) < calls:
        assert monotonic() < end and worker.poll() is None, "the worker never came to the handler"
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def test_a_worker_that_dies_in_a_call_is_followed_by_another_with_the_same_key(
    office: Office, settings: Settings
) -> None:
    folder = deploy(office, service(3), "if len(list(folder.iterdir())) < 2: time.sleep(60)")
    office.open()
    killed_in_the_call(office, settings, folder, 1)
    now_again(office)
    office.settle()
    assert len(keys(folder)) == 2 and len(set(keys(folder))) == 1
    assert open_tasks(office) == ["work"]


def test_a_call_in_which_every_worker_dies_comes_to_an_end(office: Office, settings: Settings) -> None:
    folder = deploy(office, service(1), "time.sleep(60)")
    office.open()
    killed_in_the_call(office, settings, folder, 1)
    now_again(office)
    office.settle()
    assert len(keys(folder)) == 1
    assert "whoever worked on it died" in incident(office)[1]


def test_a_bpmn_error_goes_where_it_is_caught_with_its_variables(office: Office) -> None:
    deploy(office, service(), "raise BpmnError('refused', 'No money', {'reason': 'limit'})", caught=True)
    office.open()
    office.settle()
    assert open_tasks(office) == ["other"]
    assert office.rows("SELECT state, attempts FROM outbox") == [("done", 1)]
    told = "SELECT convert_from(bytes, 'UTF8')::jsonb -> 'data' ->> 'code' FROM trail WHERE kind = 'service_error'"
    assert office.rows(told) == [("refused",)]
    written = "SELECT count(*) FROM trail_value WHERE name = 'reason' AND value = '\"limit\"'"
    assert office.rows(written) == [(1,)]


def test_a_bpmn_error_that_nobody_catches_is_an_incident_and_not_tried_again(office: Office) -> None:
    folder = deploy(office, service(3), "raise BpmnError('unheard_of')")
    office.open()
    office.settle()
    assert len(keys(folder)) == 1
    assert "unheard_of" in incident(office)[1]
    assert open_tasks(office) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("return [1]", "Expected handler 'log' to answer with names and values, but it gave a list."),
        (
            "return {1: 2}",
            "Expected handler 'log' to answer with names and values, but it gave names that are",
        ),
        ("return {'amount': float('nan')}", "amount"),
        ("return {'when': object()}", "when"),
        ("raise BpmnError('refused', variables={'sum': float('inf')})", "sum"),
        ("raise BpmnError('')", "Expected handler 'log' to name its BPMN error, but the code is ''."),
    ],
)
def test_an_answer_that_can_not_be_kept_is_an_incident_at_once_and_says_why(
    office: Office, body: str, sentence: str
) -> None:
    folder = deploy(office, service(3), body, caught=True)
    office.open()
    office.settle()
    assert sentence in incident(office)[1]
    assert len(keys(folder)) == 1
    assert open_tasks(office) == []


def test_a_late_answer_changes_nothing_and_leaves_a_trace(office: Office) -> None:
    """The ticket is cancelled while the handler works; its answer comes after that."""
    deploy(office, service(), "office.cancel()\nreturn {'reference': 7}")
    office.open()
    handlers = office.casepath.worlds.handlers(office.desk_id, newest(office))
    handlers["log"].__globals__["office"] = _Canceller(office)  # type: ignore[attr-defined]
    office.settle()
    assert office.rows("SELECT status FROM instance") == [("ended",)]
    assert office.rows("SELECT state FROM outbox") == [("cancelled",)]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'service_ignored'") == [(1,)]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'service_completed'") == [(0,)]


def newest(office: Office) -> UUID:
    ((id,),) = office.rows("SELECT id FROM snapshot ORDER BY number DESC LIMIT 1")
    assert isinstance(id, UUID)
    return id


class _Canceller:
    """Cancels the only ticket."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def cancel(self) -> None:
        self._office.casepath.engine.handle(
            CancelTicket(id=uuid4(), desk_id=self._office.desk_id, actor=LEAD, ticket=1, reason="A mistake")
        )


def test_a_call_that_was_cancelled_before_it_began_is_not_made(office: Office) -> None:
    folder = deploy(office, service(), "return {}")
    office.open()
    office.scheduler().round()
    _Canceller(office).cancel()
    office.work()
    assert keys(folder) == []
