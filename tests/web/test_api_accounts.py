"""Records by the API: imported once and whole, read with exact amounts, every look kept."""

from __future__ import annotations

import pytest

from engine.records import BY_PLURAL
from tests.web.records_given import RECORDS
from tests.web.test_api import Program
from tests.web.test_records import looks

GIVEN = [{"kind": BY_PLURAL[plural].name, **row} for plural, rows in RECORDS.items() for row in rows]


@pytest.fixture
def owner(app, office) -> Program:
    return Program(app, office, "olga", "owner")


@pytest.fixture
def agent(app, office) -> Program:
    return Program(app, office, "ann", "agent")


def test_records_are_imported_once_under_a_key_and_noted_for_the_auditor(owner, office) -> None:
    for _ in range(2):
        answer = owner.ask("import_records", {"records": GIVEN}, once="i1")
        assert (answer.status_code, answer.json) == (201, {"imported": len(GIVEN)})
    noted = """SELECT convert_from(bytes, 'UTF8')::jsonb -> 'data' FROM trail
               WHERE chain = (SELECT chain FROM desk_chain WHERE desk_id = %s)"""
    with office.casepath.store.transaction() as connection:
        told = [row[0] for row in connection.execute(noted, (office.desk.id,))]
    (imported,) = [it for it in told if it["what"] == "records_imported"]
    assert (imported["counts"]["accounts"], imported["counts"]["invoices"]) == (2, 1)


def test_an_import_with_one_wrong_record_imports_none_and_names_it(owner) -> None:
    wrong = [GIVEN[0], {"kind": "invoice", "account": "A-1001", "amount": -1}, {"kind": "invoise"}]
    refused = owner.ask("import_records", {"records": wrong})
    assert refused.status_code == 422
    assert [it["field"] for it in refused.json["errors"]] == ["records.3"]
    refused = owner.ask("import_records", {"records": wrong[:2]})
    assert [it["field"] for it in refused.json["errors"]] == ["2.amount"]
    assert owner.ask("find_accounts", query={"q": "A-1001"}).json["items"] == []


def test_an_account_is_read_with_exact_amounts_and_the_look_is_kept(owner, agent, office) -> None:
    owner.ask("import_records", {"records": GIVEN})
    found = agent.ask("find_accounts", query={"q": "ANN@example.com"}).json["items"]
    assert [it["number"] for it in found] == ["A-1001"]
    account = agent.ask("get_account", account="A-1001").json
    assert (account["owed"], account["records"]["contracts"][0]["price"]) == ("1250", "29.9")
    assert account["records"]["payments"][0]["card"] == "Visa •••• 1111"
    assert looks(office) == ['["A-1001"]', '["A-1001"]']
    assert agent.ask("get_account", account="A-9").status_code == 404


def test_who_may_not_import_is_kept_out(agent) -> None:
    assert agent.ask("import_records", {"records": []}).status_code == 403
