"""Identities from outside: the same seed at the same moment gives the same ids.

A step may ask for nothing that the world doesn't hand in, so that running a stored command again gives the same
bytes. An id is laid out like a UUID version 7 (RFC 9562): 48 bits of milliseconds, which keeps neighbours
together in an index, 12 bits that count what the step has drawn, so that what it opens is listed in the order in
which it was opened, then bits drawn from HMAC-SHA256 over the command's seed and the counter.
"""

from __future__ import annotations

import hmac
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SEED_BYTES = 16
_MOST_COUNTED = (1 << 12) - 1


def fresh_seed() -> bytes:
    """Return 16 random bytes for one command; the only place where chance enters."""
    return os.urandom(_SEED_BYTES)


class Ids:
    """Draws ids and salts for one step from its seed and its moment (aware, any zone)."""

    def __init__(self, seed: bytes, now: datetime) -> None:
        self._seed = seed
        self._milliseconds = (now - _EPOCH) // _MILLISECOND
        self._drawn = 0

    def uuid(self) -> UUID:
        """Return the next id, a UUID of version 7; 4,094 of a step sort as they were drawn."""
        tail = int.from_bytes(self._draw(b"id")[:8], "big")
        value = (self._milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76
        value |= min(self._drawn, _MOST_COUNTED) << 64 | tail
        return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)

    def salt(self) -> bytes:
        """Return the next 16 bytes that hide a value in the trail."""
        return self._draw(b"salt")[:16]

    def _draw(self, purpose: bytes) -> bytes:
        self._drawn += 1
        return hmac.digest(self._seed, purpose + self._drawn.to_bytes(8, "big"), "sha256")
