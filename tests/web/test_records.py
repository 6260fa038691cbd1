"""The pages of records: found by what a customer says, shown whole, and every look kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from engine.records import BY_PLURAL
from tests.web.records_given import RECORDS


@pytest.fixture
def ledger(office):
    """A desk with two accounts."""
    listed = [(BY_PLURAL[plural], row) for plural, rows in RECORDS.items() for row in rows]
    office.casepath.records.take_in(office.desk.id, office.casepath.operator, listed, id=uuid4())
    return office


def looks(office) -> list[str]:
    """The accounts that somebody was told of, in order."""
    sql = """SELECT convert_from(v.value, 'UTF8') FROM trail_value v
             JOIN desk_chain c ON c.chain = v.chain WHERE c.desk_id = %s AND v.name = 'accounts' ORDER BY v.seq"""
    with office.casepath.store.transaction() as connection:
        return [row[0] for row in connection.execute(sql, (office.desk.id,))]


@pytest.mark.parametrize(
    "said",
    ["A-1001", "a-1001", "Ann M", "ANN@example.com", "+39 06 5550101", "SN-77", "INV-9", "BANK-3", "PAY-1"],
)
def test_an_account_is_found_by_whatever_its_customer_says(visit, ledger, said: str) -> None:
    answer = visit("ada", "agent").get("/records", query_string={"q": said})
    assert answer.location == "/records/accounts/A-1001"


@pytest.mark.parametrize("said", ["%", "_", "nobody", "A-10", "0101", ""])
def test_what_leads_to_nobody_says_so_and_finds_nobody(visit, ledger, said: str) -> None:
    answer = visit("ada", "agent").get("/records", query_string={"q": said})
    assert answer.status_code == 200
    assert "A-1001" not in answer.text
    assert ("No account for" if said else "Whose account?") in answer.text


def test_several_accounts_are_listed_and_markup_stays_text(visit, ledger) -> None:
    page = visit("ada", "agent").get("/records?q=ann").text
    assert "A-1001" in page and "A-1002" in page
    assert "<b>Bold" not in page and "&lt;b&gt;Bold" in page


def test_the_page_of_an_account_shows_what_belongs_to_it_with_money_as_its_currency_has_it(
    visit, ledger
) -> None:
    ledger.casepath.records.do(
        ledger.desk.id,
        "credit.grant",
        {"account": "A-1001", "amount": Decimal("5.5"), "currency": "EUR", "reason": "Sorry"},
        key=(uuid4(), ""),
        ticket=12,
    )
    page = visit("ada", "agent").get("/records/accounts/A-1001").text
    for text in (
        "Ann Meyer",
        "Via Roma 1",
        "Fibre 100",
        "29.90 EUR",
        "1,250.00 EUR",
        "SN-77",
        "<td>Router X</td>",
        "1 × Router X",
    ):
        assert text in page, text
    assert "router_x" not in page
    assert page.count(f"<td>{ledger.casepath.clock.now():%-d %b %Y}</td>") >= 3, "an invoice is of a day"
    assert (
        "5.50 EUR" in page
        and "Credit granted" in page
        and "credit.grant" not in page
        and "/tickets/12" in page
    )
    assert "Visa •••• 1111" in page and "4111" not in page


def test_a_contract_whose_end_is_agreed_is_ending_until_that_day(visit, ledger) -> None:
    last_day = (ledger.casepath.clock.now() + timedelta(days=1)).date()
    wanted = {"account": "A-1001", "date": last_day}
    ledger.casepath.records.do(ledger.desk.id, "contract.end", wanted, key=(uuid4(), ""), ticket=12)
    agent = visit("ada", "agent")
    assert "<td>ending</td>" in agent.get("/records/accounts/A-1001").text
    ledger.forward(timedelta(days=2))
    assert "<td>ended</td>" in visit("ada", "agent").get("/records/accounts/A-1001").text


def test_every_look_at_an_account_is_kept(visit, ledger) -> None:
    agent = visit("ada", "agent")
    agent.get("/records?q=ann")
    agent.get("/records/accounts/A-1002")
    agent.get("/records?q=nobody")
    assert looks(ledger) == ['["A-1001","A-1002"]', '["A-1002"]']


def test_an_unknown_account_is_not_found(visit, ledger) -> None:
    assert visit("ada", "agent").get("/records/accounts/A-9").status_code == 404


@pytest.mark.parametrize("role", ["agent", "lead", "owner", "auditor"])
def test_those_who_read_tickets_read_records(visit, ledger, role: str) -> None:
    assert visit("ada", role).get("/records/accounts/A-1001").status_code == 200


def test_who_only_looks_after_people_does_not(visit, ledger) -> None:
    assert visit("ada", "admin").get("/records/accounts/A-1001").status_code == 403
