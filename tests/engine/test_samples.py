"""Sample tickets: fewer than twenty, of every sort, and finished by the next start when one was killed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from engine.bootstrap import Casepath, open_casepath
from engine.catalog.homes import BUNDLED
from engine.catalog.pack import read_pack
from engine.people import operator
from engine.samples import add_samples
from engine.samples.script import FILE, read_samples
from engine.scenarios.stage import Stage
from engine.settings import Settings

DESK = "generic_desk"
DEEDS = read_samples((BUNDLED / DESK / FILE).read_bytes()).deeds


@pytest.fixture
def casepath(settings: Settings) -> Iterator[Casepath]:
    """An installation with the bundled desk, on the wall clock, without people."""
    opened = open_casepath(settings)
    pack = read_pack(BUNDLED / DESK)
    desk = opened.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, opened.clock.now())
    opened.deployments.deploy_bundle(desk.id, pack.files, operator())
    yield opened
    opened.close()


def statuses(casepath: Casepath) -> list[tuple[str, str]]:
    desk = casepath.desk(DESK)
    page = casepath.reads.tickets(desk.id)
    return sorted((it.subject, it.status) for it in page.items)


def test_the_samples_show_a_desk_at_work(casepath: Casepath) -> None:
    lines = add_samples(casepath)
    assert len(lines) == 6
    found = statuses(casepath)
    assert len(found) < 20
    assert {"new", "wait_customer", "escalated", "closed", "resolved"} <= {status for _, status in found}
    desk = casepath.desk(DESK)
    assert casepath.reads.counts(desk.id, now=casepath.clock.now()).overdue_tasks > 0
    assert casepath.reads.verify_desk(desk.id).ok


def test_the_samples_have_accounts_of_customers_who_asked_once(casepath: Casepath) -> None:
    add_samples(casepath)
    add_samples(casepath)
    desk = casepath.desk(DESK)
    (found,) = casepath.reads.accounts(desk.id, "marta.rossi@example.com")
    belongings = casepath.reads.account(desk.id, found.number, casepath.clock.now()).belongings
    assert [len(belongings[it]) for it in ("contracts", "equipment", "invoices")] == [1, 1, 1]


def test_a_second_start_prints_the_same_log_ins_and_adds_nothing(casepath: Casepath) -> None:
    first = add_samples(casepath)
    before = statuses(casepath)
    assert add_samples(casepath) == first
    assert statuses(casepath) == before
    login, password = first[1].split()[:2]
    assert casepath.people.log_in(casepath.desk(DESK).id, login, password).person.login == login


def test_a_start_that_was_killed_half_way_is_finished_by_the_next(
    casepath: Casepath, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = 0
    handle = Stage.handle

    def dying(stage: Stage, command: object) -> object:
        nonlocal done
        outcome = handle(stage, command)  # type: ignore[arg-type]
        done += 1
        if done == 9:
            raise KeyboardInterrupt
        return outcome

    with monkeypatch.context() as patched:
        patched.setattr(Stage, "handle", dying)
        with pytest.raises(KeyboardInterrupt):
            add_samples(casepath)
    add_samples(casepath)
    assert len(statuses(casepath)) == len({deed.ticket for deed in DEEDS})
    note = json.loads((casepath.settings.data_dir / f"sample-tickets-{DESK}.json").read_text())
    assert note["done"] == len(DEEDS)


def test_a_desk_with_people_of_its_own_is_left_alone(casepath: Casepath) -> None:
    desk = casepath.desk(DESK)
    casepath.people.add(desk.id, operator(), login="own", name="Own", roles=["owner"])
    assert add_samples(casepath) == []
    assert statuses(casepath) == []
