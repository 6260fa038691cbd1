"""How often somebody may try: counted in Redis, over a quarter of an hour.

Counting is best effort. Where Redis can't be asked, nobody is kept out of their work: a wrong password still costs
an Argon2 hash, and what a flush of Redis forgets is at most one quarter of an hour.
"""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache

from flask import request
from redis import Redis
from redis.exceptions import RedisError

from webui import identity
from webui.errors import TooMany

SECONDS = 900
log = logging.getLogger("casepath.web")


def address() -> str:
    """Return the address that asks, as the server saw it."""
    return request.remote_addr or "unknown"


def check(what: str, whose: str, *, most: int) -> None:
    """Raise TooMany if this was counted `most` times already; counts nothing."""
    if _ask("GET", _key(what, whose)) >= most:
        raise _too_many()


def count(what: str, whose: str, *, most: int) -> None:
    """Count one try; raise TooMany if it is one more than `most`."""
    if note(what, whose) > most:
        raise _too_many()


def note(what: str, whose: str) -> int:
    """Count one try and return how many there were in this quarter of an hour."""
    key = _key(what, whose)
    tries = _ask("INCR", key)
    if tries == 1:
        _ask("EXPIRE", key, SECONDS)
    return tries


def forget(what: str, whose: str) -> None:
    """Begin counting anew, after a success."""
    _ask("DEL", _key(what, whose))


def _too_many() -> TooMany:
    return TooMany("Expected fewer tries, but there were too many; wait a quarter of an hour.", SECONDS)


def _key(what: str, whose: str) -> str:
    return f"casepath:tries:{what}:{hashlib.sha256(whose.lower().encode()).hexdigest()[:32]}"


def _ask(*command: str | int) -> int:
    try:
        connection = _redis(identity.casepath().settings.redis_url)
        return int(connection.execute_command(*command) or 0)  # type: ignore[no-untyped-call]
    except RedisError as error:
        log.warning("Tries could not be counted: %s", error)
        return 0


@lru_cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
