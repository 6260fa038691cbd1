"""docs/reference/tables.md says what the tables are, and what the application may do with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.store import Store
from engine.store.tables import metadata
from engine.store.tables.reference import ADD, CHANGE, MAY, reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "tables.md"
RIGHTS = {
    ADD: {"SELECT", "INSERT"},
    CHANGE: {"SELECT", "INSERT", "UPDATE"},
    "read, add, erase": {"SELECT", "INSERT"},
    "read, add, remove": {"SELECT", "INSERT", "DELETE"},
    "read, add, change, remove": {"SELECT", "INSERT", "UPDATE", "DELETE"},
}


def test_the_page_is_printed_from_the_definitions() -> None:
    assert PAGE.read_text("utf-8") == reference()


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_application_may_do_what_the_page_says(store: Store, table: str) -> None:
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with store.transaction() as connection:
        sql = "SELECT has_table_privilege(%s, %s)"
        found = {it for it in rights if connection.execute(sql, [table, it]).fetchone() == (True,)}
    assert found == RIGHTS[MAY.get(table, CHANGE)]
