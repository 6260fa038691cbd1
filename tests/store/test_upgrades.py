"""A database of an earlier Casepath with what lies in it, made into one of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.conninfo import make_conninfo
from sqlalchemy import NullPool, create_engine

from engine.bookkeeping import Bookkeeping
from engine.clock import VirtualClock
from engine.store import Store
from engine.store.migrate import MIGRATIONS, migrate
from engine.store.scratch import scratch_database

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OF_0011 = """
INSERT INTO desk (id, key, title, pack, time_zone, created_at) VALUES (1, 'd', 'D', 'p', 'UTC', now());
INSERT INTO account (desk_id, number, name, currency, status, high_value, opened_at)
    VALUES (1, 'A-1', 'Ann', 'EUR', 'active', false, now());
INSERT INTO contract (desk_id, number, account, package, price, currency, starts_on, notice_days, early_fee, status)
    VALUES (1, 'CON-1', 'A-1', 'gold', 62, 'EUR', '2026-01-01', 0, 0, 'active');
INSERT INTO payment (desk_id, number, account, amount, currency, refunded, invoice, received_at)
    VALUES (1, 'PAY-1', 'A-1', 12.5, 'EUR', 0, 'INV-1', now()), (1, 'PAY-2', 'A-1', 100, 'EUR', 0, NULL, now());
INSERT INTO shipment (desk_id, number, account, items, status, created_at)
    VALUES (1, 'SHP-1', 'A-1', '[{"model": "phone", "quantity": 2}]', 'prepared', now());
INSERT INTO received_mail (desk_id, id, message_id, sha256, size, sender, sender_name, recipient, subject, nature,
        state, received_at, content)
    VALUES (1, gen_random_uuid(), '1@x', '', 1, 'a@x', '', '', 'S', 'ordinary', 'received', now(), '');
"""


def upgrade_to(database: str, revision: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(database), poolclass=NullPool
    )
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, revision)


@pytest.fixture
def database(admin_database_url: str) -> Iterator[str]:
    with scratch_database(admin_database_url, "upgrade") as name:
        yield make_conninfo(admin_database_url, dbname=name)


def test_records_and_mails_of_0011_are_what_they_were(database: str) -> None:
    upgrade_to(database, "0011")
    with psycopg.connect(database) as owner:
        owner.execute(OF_0011)
    migrate(database)
    store = Store(database)
    keeping = Bookkeeping(store, VirtualClock(NOW))
    paid = [it["settled"] for it in keeping.listed(1, "payment")]
    assert paid == [[{"invoice": "INV-1", "amount": Decimal("12.5")}], None]
    (contract,), (shipment,) = keeping.listed(1, "contract"), keeping.listed(1, "shipment")
    assert (contract["package"], contract["price"]) == ("gold", 62)
    assert shipment["items"] == [{"model": "phone", "quantity": 2}]
    assert [it.desk_id for it in store.mails.claim_unfinished(limit=10, lease=timedelta())] == [1]
    store.close()
