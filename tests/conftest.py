"""Real servers for every test that asks for them: one PostgreSQL and one Valkey for a whole run.

The first test that needs them starts them; all pytest-xdist workers share them. Each worker has a database of its
own, copied from one migrated template, and a Valkey database of its own. They end with the run, also when it is
killed. A test that stops or kills servers takes `private_servers`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from engine.embedded import Addresses, EmbeddedServers
from engine.store.scratch import scratch_database, with_database

PREFIX = "casepath-test-"
TEMPLATE = "casepath_template"
RUN_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's data folder; a worker is told by the process that started it."""
    if hasattr(config, "workerinput"):
        config.stash[RUN_FOLDER] = Path(config.workerinput["casepath_run_folder"])
        return
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    folder.chmod(0o711)  # the servers' account passes through it
    config.stash[RUN_FOLDER] = folder
    in_use = (folder / "run.lock").open("w")
    fcntl.flock(in_use, fcntl.LOCK_EX)
    config.add_cleanup(lambda: (shutil.rmtree(folder, ignore_errors=True), in_use.close()))
    _sweep(folder.parent)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a pytest-xdist worker the run's data folder."""
    node.workerinput["casepath_run_folder"] = str(node.config.stash[RUN_FOLDER])


def _sweep(temporary: Path) -> None:
    """Remove the folders of runs that were killed: their lock is free."""
    for lock in temporary.glob(f"{PREFIX}*/run.lock"):
        try:
            with lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            continue  # in use, or another user's


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Addresses]:
    """The run's servers, with the addresses of their unused first database."""
    running = EmbeddedServers(request.config.stash[RUN_FOLDER], durable=False)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """Which pytest-xdist worker this is; 0 without any."""
    name = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw"))


@pytest.fixture(scope="session")
def admin_database_url(servers: Addresses, worker_number: int, request: pytest.FixtureRequest) -> str:
    """The worker's own migrated database, as its owner."""
    folder, name = request.config.stash[RUN_FOLDER], f"test_{worker_number}"
    with (folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a template can't be copied while it is connected to
        with psycopg.connect(servers.admin_database_url, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                connection.execute(f"CREATE DATABASE {TEMPLATE}_draft")
                migrate(with_database(servers.admin_database_url, f"{TEMPLATE}_draft"))
                connection.execute(f"ALTER DATABASE {TEMPLATE}_draft RENAME TO {TEMPLATE}")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return with_database(servers.admin_database_url, name)


def migrate(admin_url: str) -> None:
    """Bring a database to the newest schema, where there is one."""
    if importlib.util.find_spec("engine.store") and importlib.util.find_spec("engine.store.migrate"):
        importlib.import_module("engine.store.migrate").migrate(admin_url)


@pytest.fixture(scope="session")
def database_url(servers: Addresses, admin_database_url: str) -> str:
    """The worker's own migrated database, as the application's role, which owns nothing."""
    return with_database(servers.database_url, urlsplit(admin_database_url).path.removeprefix("/"))


@pytest.fixture(scope="session")
def redis_url(servers: Addresses, worker_number: int) -> str:
    """The worker's own Valkey database; `FLUSHDB` empties it, `FLUSHALL` would empty everyone's."""
    return servers.redis_url.replace("db=0", f"db={worker_number + 1}")


@pytest.fixture
def private_data_dir(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder for one test alone, at a short path that the servers' account reaches."""
    folder = Path(tempfile.mkdtemp(prefix="private-", dir=request.config.stash[RUN_FOLDER]))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a failing test may leave servers that are still ending


@pytest.fixture
def private_servers(private_data_dir: Path) -> Iterator[EmbeddedServers]:
    """Servers for one test alone, not yet started."""
    running = EmbeddedServers(private_data_dir, durable=False)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def fresh_database(servers: Addresses, worker_number: int) -> Iterator[str]:
    """An empty database of one test's own, as its owner."""
    with scratch_database(servers.admin_database_url, f"fresh_{worker_number}") as name:
        yield with_database(servers.admin_database_url, name)
