"""Whatever moves money moves it once, wherever around it the worker is killed; with real workers, by SIGKILL.

A refund alone is looked at more closely in `test_refund_paid_once.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from engine.records import BY_PLURAL
from engine.settings import Settings
from tests.office import Office
from tests.parts.spiff.drawing import draw, extension, mapping, node
from tests.workers.test_refund_paid_once import HANDLER, again, killed_when, retried_by_a_lead


@dataclass(frozen=True)
class Move:
    """An operation that moves money: its inputs, what it answers with, and what stands in the tables afterwards."""

    operation: str
    inputs: Mapping[str, str]
    answer: str
    written: tuple[str, tuple[object, ...]]
    sum: tuple[str, Decimal]


MONEY = {"account": '="A-1"', "currency": '="EUR"'}
INVOICED = {**MONEY, "amount": "=20", "reason": '="Router"'}
MOVES = (
    Move(
        "credit.grant", INVOICED, "credit",
        ("SELECT number, amount FROM credit", ("CRE-1", Decimal(20))),
        ("SELECT sum(amount) FROM credit", Decimal(20)),
    ),
    Move(
        "payment.record", {**MONEY, "amount": "=50", "reference": '="BANK-1"'}, "payment",
        ("SELECT number, amount FROM payment", ("PAY-1", Decimal(50))),
        ("SELECT sum(i.paid) + (SELECT sum(amount) FROM credit) FROM invoice i", Decimal(50)),
    ),
    Move(
        "invoice.charge", INVOICED, "invoice",
        ("SELECT number, amount FROM invoice WHERE reason = 'Router'", ("INV-2", Decimal(20))),
        ("SELECT sum(amount) FROM invoice", Decimal(50)),
    ),
    Move(
        "contract.change", {**MONEY, "package": '="gold"', "price": "=62", "date": '="2099-01-01"'}, "amendment",
        ("SELECT number, price FROM amendment", ("AMD-1", Decimal(62))),
        ("SELECT sum(price) FROM contract", Decimal(31)),
    ),
)  # fmt: skip
POINTS = [("before", 0, 2), ("after", 1, 2)]


def deploy(office: Office, move: Move, stops_at: str, retries: int = 3) -> Path:
    """Deploy a process that does it for an account that owes 30; return where the handler leaves its marks."""
    folder = office.casepath.settings.data_dir / "passed"
    folder.mkdir()
    folder.chmod(0o777)
    type = f'<zeebe:taskDefinition type="{move.operation}" retries="{retries}" />'
    mapped = mapping(dict(move.inputs), {move.answer: f"={move.answer}"})
    source = HANDLER.format(folder=folder, stops_at=stops_at, operation=move.operation)
    diagram = draw(
        f"start s; {node('service', 'move', extension(type + mapped))}; user moved; end e", "s>move>moved>e"
    )
    office.deploy(diagram, services_py=source.encode())
    given = {
        "accounts": {"number": "A-1", "name": "Ann", "currency": "EUR"},
        "contracts": {"account": "A-1", "package": "silver", "price": 31, "starts_on": "2026-01-01"},
        "invoices": {"number": "INV-1", "account": "A-1", "amount": 30},
    }
    office.casepath.records.enter(office.desk_id, [(BY_PLURAL[plural], row) for plural, row in given.items()])
    return folder


def moved_once(office: Office, move: Move) -> None:
    """Assert that it was done once, that its answer came to the process, and that this went on."""
    query, written = move.written
    assert office.rows(query) == [written]
    assert office.rows(move.sum[0]) == [(move.sum[1],)]
    assert office.rows("SELECT element FROM task WHERE state = 'open'") == [("moved",)]
    answered = office.rows("SELECT value FROM trail_value WHERE name = %s", move.answer)
    assert (f'"{written[0]}"'.encode(),) in answered


@pytest.mark.parametrize("move", MOVES, ids=lambda it: it.operation)
@pytest.mark.parametrize(("stops_at", "done_at_death", "calls"), POINTS, ids=["before", "after"])
def test_a_worker_killed_around_it_is_followed_by_one_that_does_it_once_in_all(
    office: Office, settings: Settings, move: Move, stops_at: str, done_at_death: int, calls: int
) -> None:
    folder = deploy(office, move, stops_at)
    office.open()
    killed_when(office, settings, lambda: (folder / f"{stops_at}0").exists())
    assert len(office.rows(move.written[0])) == done_at_death
    again(office)
    assert len(list(folder.glob("before*"))) == calls
    moved_once(office, move)


@pytest.mark.parametrize("move", MOVES, ids=lambda it: it.operation)
def test_a_worker_killed_after_its_answer_was_kept_leaves_nothing_to_do_again(
    office: Office, settings: Settings, move: Move
) -> None:
    folder = deploy(office, move, "nowhere")
    office.open()
    killed_when(office, settings, lambda: bool(office.rows("SELECT 1 FROM outbox WHERE state = 'done'")))
    again(office)
    assert len(list(folder.glob("before*"))) == 1
    moved_once(office, move)


@pytest.mark.parametrize("move", MOVES, ids=lambda it: it.operation)
def test_a_lead_who_retries_what_was_done_but_never_answered_does_nothing_again(
    office: Office, settings: Settings, move: Move
) -> None:
    folder = deploy(office, move, "after", retries=1)
    office.open()
    killed_when(office, settings, lambda: (folder / "after0").exists())
    again(office)
    assert "whoever worked on it died" in retried_by_a_lead(office)
    moved_once(office, move)
