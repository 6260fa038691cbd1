"""Databases that live as long as a rehearsal, a measurement or a test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def scratch_database(
    admin_database_url: str, prefix: str = "casepath_scratch", template: str = "template1"
) -> Iterator[str]:
    """Lend the name of a database of its own on a server, copied from a template; it is dropped in the end."""
    name = f"{prefix}_{secrets.token_hex(6)}"
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
    try:
        yield name
    finally:
        with psycopg.connect(admin_database_url, autocommit=True) as connection:
            drop(connection, name)


def drop(connection: psycopg.Connection[Any], name: str) -> None:
    """Drop a database, with whoever is still connected to it."""
    named = sql.Identifier(name)
    try:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))
    except psycopg.errors.InsufficientPrivilege:
        # An autovacuum worker is in it, which belongs to the server and can't be ended by force; without force
        # PostgreSQL asks it to leave, and waits.
        connection.execute(sql.SQL("DROP DATABASE {}").format(named))


def with_database(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
