"""Connections: one pool, one role, one way to find out that a connection died.

Every connection takes the role `casepath_app` (which owns no table), runs in UTC, and gives up waiting for a lock
or holding one while idle, so that a process that hangs can't stop an instance for ever.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

Connection = psycopg.Connection[Any]

_SETTINGS = (
    "-c role=casepath_app -c TimeZone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
)


class Database:
    """A pool of connections to one database; threads may share it, a forked child gets connections of its own."""

    def __init__(self, database_url: str, *, size: int = 8) -> None:
        settings = conninfo_to_dict(database_url)
        settings["options"] = f"{settings.get('options') or ''} {_SETTINGS}".strip()
        settings.setdefault("application_name", "casepath")
        self._conninfo = make_conninfo("", **settings)
        # The pool's own rollback on return would be one more round trip after errors only; we do it ourselves.
        self._pool = QueuePool(
            self._connect, pool_size=size, max_overflow=size, timeout=30, reset_on_return=None
        )
        event.listen(self._pool, "checkout", _refuse_dead_connection)
        event.listen(self._pool, "connect", _remember_process)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection for one transaction: committed at the end, rolled back if anything raises."""
        with self.borrowed() as connection, connection.transaction():
            yield connection

    @contextmanager
    def borrowed(self) -> Iterator[Connection]:
        """Lend a connection on which each statement is a transaction of its own, unless one is begun.

        A transaction that was begun and not committed is rolled back when the connection comes back.
        """
        lent = self._pool.connect()
        connection: Connection = lent.driver_connection  # type: ignore[assignment]
        try:
            yield connection
        finally:
            _give_back(lent, connection)

    def close(self) -> None:
        """Close every idle connection."""
        self._pool.dispose()

    def _connect(self) -> Any:
        # psycopg waits for the answer to a BEGIN of its own; ours goes out together with what follows.
        connection = psycopg.connect(self._conninfo, autocommit=True)
        set_json_loads(orjson.loads, connection)
        set_json_dumps(orjson.dumps, connection)
        return connection


def _give_back(lent: PoolProxiedConnection, connection: Connection) -> None:
    status = connection.pgconn.transaction_status
    if status == pq.TransactionStatus.INTRANS:
        # Not connection.rollback(): that also throws away every prepared statement, as if tables could have changed.
        connection.pgconn.exec_(b"ROLLBACK")
    elif status == pq.TransactionStatus.INERROR:
        # Here it must: what a pipeline was to prepare behind the statement that failed was never prepared.
        connection.rollback()
    if connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        connection.close()
        lent.invalidate()
    lent.close()


def _remember_process(connection: Any, record: Any) -> None:
    record.info["process"] = os.getpid()


def _refuse_dead_connection(connection: Any, record: Any, proxy: Any) -> None:
    """Refuse what a restarted server closed, without asking the server: a closed socket has something to read."""
    if record.info["process"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = (
            None  # the parent's; closing it would end it there too
        )
        raise DisconnectionError("Expected a connection of this process, but another process opened it.")
    if connection.closed:
        raise DisconnectionError("Expected an open connection, but it is closed.")
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise DisconnectionError("Expected a quiet connection, but the server has spoken or closed it.")
