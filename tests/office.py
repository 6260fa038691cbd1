"""An installation of its own for each test: a database copied from the template, an empty Valkey database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis import Redis

from engine.bootstrap import Casepath, open_casepath
from engine.embedded import Addresses
from engine.people import operator
from engine.runtime.commands import SYSTEM, OpenTicket, Requester
from engine.settings import Settings
from engine.store.scratch import scratch_database, with_database
from engine.workers.queues import connect
from engine.workers.running import work
from engine.workers.scheduler import Scheduler
from tests.conftest import TEMPLATE

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
AT_ONCE = timedelta(0)
MANIFEST = b"""
id = "wk"
title = "Workers"
time_zone = "UTC"
process = "p"
[states]
new = "New"
[queues.tier1]
title = "Tier 1"
"""


class Office:
    """An opened installation whose clock the test moves, with the scheduler and workers at hand."""

    def __init__(self, casepath: Casepath, redis: Redis) -> None:
        self.casepath = casepath
        self.redis = redis
        self.desk_id = 0
        self.at(MONDAY)

    def at(self, moment: datetime) -> None:
        """Set the shared test clock."""
        self.casepath.store.installation.set_test_clock(moment)

    def deploy(self, diagram: bytes, **files: bytes) -> None:
        """Deploy a pack of one diagram and what else it needs (`services_py`, `templates/…`)."""
        pack = {
            "pack.toml": MANIFEST,
            "bpmn/p.bpmn": diagram,
            **{k.replace("__", "/"): v for k, v in files.items()},
        }
        pack = {re.sub("_(py|md|bpmn|toml)$", r".\1", path): content for path, content in pack.items()}
        desk = self.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY)
        self.casepath.deployments.deploy(desk.id, pack, operator())
        self.desk_id = desk.id

    def open(self, email: str | None = "cara@example.com") -> UUID:
        """Open a ticket; return its instance."""
        command = OpenTicket(
            id=uuid4(), desk_id=self.desk_id, actor=SYSTEM, process="p", channel="web", subject="It is broken",
            description="", requester=Requester("Cara", email),
        )  # fmt: skip
        return self.casepath.engine.handle(command).instance_id

    def scheduler(self, lease: timedelta = timedelta(minutes=1)) -> Scheduler:
        """A scheduler of this installation."""
        return Scheduler(self.casepath.store, self.casepath.clock, self.redis, lease)

    def work(self) -> None:
        """Let a worker empty the queues."""
        work(self.casepath, burst=True)

    def settle(self) -> None:
        """Claim and work until nothing is due."""
        while self.scheduler().round():
            self.work()

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database."""
        with self.casepath.store.transaction() as connection:
            return connection.execute(sql, values).fetchall()

    def fired(self) -> list[tuple[object, ...]]:
        """What fired, by the trail: element, once for each firing, in order."""
        sql = """SELECT convert_from(bytes, 'UTF8')::jsonb -> 'data' ->> 'element' FROM trail
                 WHERE kind = 'timer_fired' ORDER BY chain, seq"""
        return [row[0] for row in self.rows(sql)]


@pytest.fixture
def settings(
    servers: Addresses, admin_database_url: str, database_url: str, redis_url: str, tmp_path: Path
) -> Iterator[Settings]:
    """Settings of an installation that nobody else uses."""
    with scratch_database(servers.admin_database_url, "casepath_office", TEMPLATE) as name:
        Redis.from_url(redis_url).flushdb()
        yield Settings(
            data_dir=tmp_path,
            database_url=with_database(servers.database_url, name),
            admin_database_url=with_database(servers.admin_database_url, name),
            redis_url=redis_url,
            test_clock=True,
            secret_key="a secret of the tests",
            base_url="http://desk.example",
        )


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """An opened installation."""
    casepath = open_casepath(settings)
    yield Office(casepath, connect(settings.redis_url))
    casepath.close()
