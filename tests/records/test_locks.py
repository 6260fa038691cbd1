"""Operations at the same moment: those on one account come one after the other; none waits for another account."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.records.conftest import Ledger

MONEY = {"account": "A-1", "currency": "EUR"}
CARD = {"card": "Visa •••• 1111", "expires_on": "2027-05-31"}
WAITS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def until_it_waits(ledger: Ledger, done: Future[Any]) -> None:
    waiting: list[Any] = []
    while not waiting:
        assert not done.done(), "it waits for nothing"
        with ledger.store.transaction() as connection:
            waiting = connection.execute(WAITS).fetchall()


@pytest.mark.parametrize(
    ("operation", "inputs", "table"),
    [
        ("contract.revert", {"amendment": "AMD-1"}, "amendment"),
        ("invoice.cancel", {"invoice": "INV-1"}, "invoice"),
        ("credit.revoke", {"credit": "CRE-1"}, "credit"),
    ],
)
def test_whoever_names_what_belongs_to_an_account_waits_for_the_account_and_holds_nothing(
    ledger: Ledger, operation: str, inputs: dict[str, str], table: str
) -> None:
    """Whoever has the account may then read all that belongs to it: two that hold a part each would wait for ever."""
    ledger.given(
        contracts=[{"account": "A-1", "package": "silver", "price": 31, "starts_on": "2026-01-01"}],
        amendments=[
            {"account": "A-1", "contract": "CON-1", "package": "gold", "price": 62, "begins_on": "2026-04-01"}
        ],
        invoices=[{"account": "A-1", "amount": 5}],
        credits=[{"account": "A-1", "amount": 5}],
    )
    with ThreadPoolExecutor(1) as pool:
        with ledger.store.transaction() as other:
            other.execute(
                "SELECT 1 FROM account WHERE desk_id = %s AND number = 'A-1' FOR UPDATE", (ledger.desk_id,)
            )
            done = pool.submit(ledger.do, operation, **inputs)
            until_it_waits(ledger, done)
            free = f"SELECT 1 FROM {table} WHERE desk_id = %s FOR UPDATE SKIP LOCKED"
            assert other.execute(free, (ledger.desk_id,)).fetchall() == [(1,)]
        assert done.result()


def test_a_card_is_checked_while_the_same_card_of_another_account_is_in_use(ledger: Ledger) -> None:
    ledger.given(accounts=[{"number": "A-3", "name": "Cleo", "currency": "EUR"}])
    ledger.given(cards=[{"account": "A-3", **CARD}, {"account": "A-1", **CARD}])
    with ThreadPoolExecutor(1) as pool, ledger.store.transaction() as other:
        other.execute(
            "SELECT 1 FROM card WHERE desk_id = %s AND account = 'A-3' FOR UPDATE", (ledger.desk_id,)
        )
        done = pool.submit(ledger.do, "card.check", account="A-1", card="CRD-2")
        assert done.result(timeout=60)["blocked"] is False
