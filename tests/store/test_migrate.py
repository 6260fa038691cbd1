"""The tables as migrations make them, and what the application's role may do with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg.conninfo import make_conninfo
from sqlalchemy import NullPool, create_engine

from engine.errors import Unsupported
from engine.store.migrate import MIGRATIONS, migrate
from engine.store.scratch import scratch_database
from engine.store.tables import metadata
from tests.store.hand import Hand, happened

NEWEST = max(path.name[:4] for path in MIGRATIONS.glob("versions/0*.py"))
PARTITION = re.compile(r"^trail(_value)?_(default|\d{4}_\d{2})")


@pytest.fixture
def empty_database(admin_database_url: str) -> Iterator[str]:
    with scratch_database(admin_database_url, "migrate") as name:
        yield make_conninfo(admin_database_url, dbname=name)


def test_the_migrated_database_is_what_the_tables_say(admin_database_url: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(admin_database_url), poolclass=NullPool
    )

    def ours(_object: object, name: str | None, *_: object) -> bool:
        return not PARTITION.match(name or "") and name != "alembic_version"

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": ours}
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_two_at_once_do_it_once(empty_database: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, [empty_database, empty_database]))
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]


def test_a_database_of_a_newer_casepath_is_refused_in_one_sentence(empty_database: str) -> None:
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(
        Unsupported, match=r"^Expected a database of this Casepath .* newer Casepath made it \(9999\)\.$"
    ):
        migrate(empty_database)


@pytest.mark.parametrize("table", ["trail", "trail_value", "trail_default", "trail_value_default", "command"])
@pytest.mark.parametrize("attempt", ["UPDATE {} SET desk_id = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_can_only_add_to_the_trail(hand: Hand, table: str, attempt: str) -> None:
    hand.open()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), hand.store.transaction() as connection:
        connection.execute(attempt.format(table))


@pytest.mark.parametrize(
    "attempt", ["UPDATE trail SET bytes = ''", "DELETE FROM trail", "TRUNCATE trail", "month"]
)
def test_even_the_owner_is_stopped_by_the_trails_triggers(
    hand: Hand, owner: psycopg.Connection, attempt: str
) -> None:
    hand.open()
    month = f"TRUNCATE trail_{hand.store.installation.make_partitions(hand.now) or hand.now:%Y_%m}"
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"Expected trail.* to grow only"):
        owner.execute(month if attempt == "month" else attempt)


def test_a_value_of_the_trail_can_be_erased_but_not_changed(hand: Hand) -> None:
    instance = hand.open()
    for change in ("value = 'x'", "value = NULL, salt = 'x', erased_at = now()"):
        refused = pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation))
        with refused, hand.store.transaction() as connection:
            connection.execute(f"UPDATE trail_value SET {change} WHERE chain = %s", [instance.id])


def test_what_was_deployed_can_not_be_changed(hand: Hand) -> None:
    for table in ("blob", "snapshot", "snapshot_file", "process_version"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), hand.store.transaction() as connection:
            connection.execute(f"DELETE FROM {table}")


def test_the_application_does_not_own_a_single_table(hand: Hand) -> None:
    with hand.store.transaction() as connection:
        owned = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tableowner = current_user"
        ).fetchall()
    assert owned == []


def test_a_month_without_partition_falls_into_the_default_one(hand: Hand) -> None:
    hand.now = datetime(2031, 5, 5, tzinfo=UTC)
    instance = hand.open()
    with hand.store.transaction() as connection:
        found = connection.execute(
            "SELECT DISTINCT tableoid::regclass::text FROM trail WHERE chain = %s", [instance.id]
        ).fetchall()
    assert found == [("trail_default",)]
    assert hand.store.installation.make_partitions(hand.now, months=1) == 0  # its rows lie there and stay


def test_the_application_can_have_partitions_made_ahead(hand: Hand) -> None:
    hand.now = datetime(2032, 11, 20, tzinfo=UTC)
    assert hand.store.installation.make_partitions(hand.now) == 6  # three months of two tables
    assert hand.store.installation.make_partitions(hand.now) == 0
    instance = hand.open(None, happened("instance_started", process="p", version=1))
    with hand.store.transaction() as connection:
        sql = "SELECT DISTINCT tableoid::regclass::text FROM trail WHERE chain = %s"
        assert connection.execute(sql, [instance.id]).fetchall() == [("trail_2032_11",)]
