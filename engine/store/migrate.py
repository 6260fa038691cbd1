"""Bringing a database to the tables of this Casepath, with the owner's rights.

`casepath migrate` and `casepath up` call this; the application itself never owns a table. The whole way is one
transaction under one lock: two that start at once do the work once, and a failure leaves the database as it was.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine

from engine.errors import Unsupported

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
MONTHS_AHEAD = 3
OLDEST_SERVER = 16


def migrate(admin_database_url: str) -> None:
    """Make or upgrade all tables, roles, partitions and grants of the database at a libpq URL or conninfo.

    The URL's role must be allowed to create tables and roles. Raises Unsupported when the database was made by
    a newer Casepath, or lies on a PostgreSQL that is too old.
    """
    with psycopg.connect(admin_database_url) as server:  # SQLAlchemy would tell its own error over psycopg's
        engine = create_engine("postgresql+psycopg://", creator=lambda: server, poolclass=NullPool)
        with engine.begin() as connection:
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    _check_server(connection)
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('casepath migrate'))")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    _check_revision(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")
    connection.exec_driver_sql(
        f"SELECT casepath_make_partitions((now() AT TIME ZONE 'UTC')::date, {MONTHS_AHEAD})"
    )


def _check_server(connection: Connection) -> None:
    found = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int / 10000"
    ).scalar_one()
    if found < OLDEST_SERVER:
        raise Unsupported(
            f"Expected PostgreSQL {OLDEST_SERVER} or newer, but the server is PostgreSQL {found}."
        )


def _check_revision(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    for revision in MigrationContext.configure(connection).get_current_heads():
        if revision not in known:
            raise Unsupported(
                f"Expected a database of this Casepath or an older one (up to {scripts.get_current_head()}), "
                f"but a newer Casepath made it ({revision})."
            )
