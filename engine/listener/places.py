"""Where to listen: `smtp://127.0.0.1:2525`, `lmtp://127.0.0.1:2424`, `lmtp:///run/casepath/lmtp.sock`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

USUAL = "smtp://127.0.0.1:8025"


@dataclass(frozen=True)
class Place:
    """One address: a host and a port (0 for a free one), or the path of a Unix socket."""

    protocol: Literal["smtp", "lmtp"]
    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{self.path or f'{host}:{self.port}'}"


def places_of(text: str) -> list[Place]:
    """Return the places that the setting names (they are judged there), or the usual one for none."""
    return [_place(it) for it in text.split() or [USUAL]]


def _place(text: str) -> Place:
    parts = urlsplit(text)
    protocol: Literal["smtp", "lmtp"] = "lmtp" if parts.scheme == "lmtp" else "smtp"
    if not parts.netloc:
        return Place(protocol, path=parts.path)
    return Place(protocol, host=parts.hostname or "", port=parts.port or 0)
