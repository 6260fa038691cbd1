"""`casepath doctor`: what works and what doesn't, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis.exceptions import RedisError

import engine
from engine.bootstrap import Casepath
from engine.workers.queues import connect

_SUPPORTED_POSTGRESQL = 150_000


@dataclass(frozen=True)
class Checkup:
    """One thing looked at: what, whether it is well, and how it is or what to do."""

    what: str
    well: bool
    how: str


def examine(casepath: Casepath) -> list[Checkup]:
    """Look at everything an installation stands on; never raises for a part that is away."""
    found = [look(casepath) for look in (_database, _tables, _redis, _pages, _mail)]
    if all(it.well for it in found if it.what == "tables"):
        found += [_timers(casepath), _incidents(casepath), _mail_in(casepath)]
    return found


def _database(casepath: Casepath) -> Checkup:
    try:
        with casepath.store.transaction() as connection:
            version = connection.info.server_version
            durable = connection.execute("SHOW fsync").fetchone()
    except psycopg.Error as error:
        return Checkup("PostgreSQL", False, f"Does not answer: {error}")
    if version < _SUPPORTED_POSTGRESQL:
        return Checkup("PostgreSQL", False, f"Is {version // 10_000}; use 15 or newer.")
    if durable != ("on",):
        return Checkup(
            "PostgreSQL", False, "Runs with fsync off: a power cut can lose what was acknowledged."
        )
    return Checkup("PostgreSQL", True, f"{version // 10_000}.{version % 10_000}")


def _tables(casepath: Casepath) -> Checkup:
    try:
        return Checkup("tables", True, f"revision {casepath.store.installation.revision()}")
    except psycopg.Error:
        return Checkup("tables", False, "Are missing or not readable: run `casepath migrate`.")


def _redis(casepath: Casepath) -> Checkup:
    try:
        connect(casepath.settings.redis_url).ping()
    except RedisError as error:
        return Checkup("Redis", False, f"Does not answer, so timers and mail wait: {error}")
    return Checkup("Redis", True, "answers")


def _pages(casepath: Casepath) -> Checkup:
    built = Path(engine.__path__[0]).parent / "webui/static/build/manifest.json"
    how = "built" if built.exists() else "Are not built: start by ./casepath, which builds them."
    return Checkup("pages' scripts", built.exists(), how)


def _mail(casepath: Casepath) -> Checkup:
    server = casepath.settings.smtp_url
    where = server.rpartition("@")[2] or f"no mail server: mail lies in {casepath.settings.data_dir / 'mail'}"
    return Checkup("mail", True, where)


def _mail_in(casepath: Casepath) -> Checkup:
    aside = casepath.reads.mails_set_aside()
    if aside:
        how = f"{aside} mails could not become tickets: the page Mail (/mails) says why."
        return Checkup("mail in", False, how)
    return Checkup("mail in", True, casepath.settings.mail_listen or "nobody listens for it here")


def _timers(casepath: Casepath) -> Checkup:
    counts = casepath.reads.counts(now=casepath.clock.now())
    how = f"{counts.armed_timers} armed, {counts.overdue_timers} overdue, {counts.pending_outbox} to send"
    return Checkup("timers", counts.overdue_timers == 0, how)


def _incidents(casepath: Casepath) -> Checkup:
    number = casepath.reads.counts(now=casepath.clock.now()).open_incidents
    return Checkup("incidents", number == 0, f"{number} open" if number else "none")
