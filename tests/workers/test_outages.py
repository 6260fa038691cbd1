"""Several clients of one area tell of the same fault: one incident of it, whoever comes at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import SYSTEM, OpenTicket, Requester
from engine.workers import answering
from engine.workers.connectors import Relay
from tests.at_once import at_once
from tests.office import MONDAY, Office

PROVIDER = Path(__file__).resolve().parents[2] / "processes" / "isp_core"
LEASE = timedelta(minutes=1)


def rounds(office: Office) -> Iterator[list[Callable[[], object]]]:
    """What workers have to do, round after round, each round to be done at one moment."""
    store = office.casepath.store
    while True:
        store.messages.wake(limit=100)
        jobs = store.outbox.claim(limit=100, lease=LEASE)
        messages = store.messages.claim(limit=100, lease=LEASE)
        signals = store.signals.claim(limit=100, lease=LEASE)
        work = [
            partial(Relay(office.casepath).deliver, it.desk_id, it.id, it.next_at.isoformat()) for it in jobs
        ]
        work += [partial(office.casepath.messages.deliver, it.desk_id, it.id) for it in messages]
        work += [partial(office.casepath.signals.tell, it.desk_id, it.id) for it in signals]
        if not work:
            return
        yield work


def settle(office: Office) -> None:
    for work in rounds(office):
        assert at_once(*work) == []


def report(office: Office, client: int) -> None:
    """A client of the North writes that the internet is gone."""
    command = OpenTicket(
        id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, process="ticket_lifecycle", channel="portal",
        subject="Internet not working", description="Since this morning.",
        requester=Requester(f"Client {client}", f"client{client}@example.com"), fields={"area": "North"},
    )  # fmt: skip
    office.casepath.engine.handle(command)


@pytest.fixture
def provider(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The bundled desk of an internet provider. Its workers are threads here, whose handlers no signal can stop."""
    monkeypatch.setattr(answering, "limited", lambda seconds: nullcontext())
    pack = read_pack(PROVIDER)
    office.desk_id = office.casepath.store.desks.add("isp", "Provider", pack.id, "UTC", MONDAY).id
    office.casepath.deployments.deploy(office.desk_id, pack.files, operator())
    return office


@pytest.mark.parametrize("together", [2, 5])
def test_tickets_that_make_an_outage_at_the_same_moment_have_one_incident(
    provider: Office, together: int
) -> None:
    report(provider, 1)
    report(provider, 2)
    settle(provider)
    assert provider.rows("SELECT count(*) FROM ticket") == [(2,)]
    newcomers = range(3, 3 + together)
    assert at_once(*[partial(report, provider, client) for client in newcomers]) == []
    settle(provider)
    ((incident,),) = provider.rows("SELECT ticket_number FROM instance WHERE process = 'major_incident'")
    linked = provider.rows("SELECT DISTINCT other_number FROM ticket_link WHERE kind = 'caused_by'")
    assert linked == [(incident,)]
    assert provider.rows("SELECT count(*) FROM ticket_link") == [(2 + together,)]
    waiting = "SELECT count(*) FROM subscription WHERE element = 'outage_over'"
    assert provider.rows(waiting) == [(2 + together,)]
    assert provider.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]
