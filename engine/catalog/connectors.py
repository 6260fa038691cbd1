"""`[connectors]` of a pack: outside systems that answer the services of an area by HTTP, instead of a handler.

    [connectors]
    payment = { url = "https://billing.example/casepath", secret = "BILLING_SECRET", timeout = "PT10S" }

The secret's name is that of an environment variable of the workers: a pack is shown to owners and kept for ever, so
that the secret itself must not stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from engine.catalog.findings import PackFinding
from engine.catalog.layers import PACK_ID
from engine.catalog.places import Whereabouts
from engine.feel.temporal import read_duration
from engine.feel.values import DaysTimeDuration

KEYS = ("url", "secret", "timeout")
USUAL_TIME_OUT = "PT10S"
LONGEST = timedelta(seconds=90)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class Connector:
    """Where the services of an area go, which variable holds the secret, and how long an answer may take."""

    area: str
    url: str
    secret: str
    time_out: timedelta


def area_of(service: str) -> str:
    """Return what stands before the first dot of a service's type; nothing where there is none."""
    before, dot, _ = service.partition(".")
    return before if dot else ""


def read_connectors(table: Mapping[str, Any], wrong: Callable[..., None]) -> dict[str, Connector]:
    """Return the connectors of a `[connectors]` table by area; `wrong` is told of each bad one, which is left out."""
    found = {area: _Reader(area, said, wrong).connector() for area, said in table.items()}
    return {area: connector for area, connector in found.items() if connector is not None}


class _Reader:
    """Reads one connector, and says all that is wrong with it."""

    def __init__(self, area: str, said: Any, tell: Callable[..., None]) -> None:
        self._area = area
        self._said: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        self._tell = tell
        self._good = True
        if not PACK_ID.fullmatch(area) or area == "desk":
            message = f"Expected the area of services such as payment, but found “{area}”."
            self.wrong(
                "connector", message, "Name what stands before the dot in the services' types, but not desk."
            )
        if not isinstance(said, Mapping):
            message = f"Expected connector “{area}” to have an url and a secret, but it is {said!r}."
            self.wrong("connector", message, 'Write { url = "https://…", secret = "NAME" }.')

    def connector(self) -> Connector | None:
        if self._good:
            self._judge_keys()
            self._judge_parts()
        if not self._good:
            return None
        duration = read_duration(self._said.get("timeout", USUAL_TIME_OUT))
        assert isinstance(duration, DaysTimeDuration)
        return Connector(self._area, self._said["url"].rstrip("/"), self._said["secret"], duration.timedelta)

    def _judge_keys(self) -> None:
        for key in self._said:
            if key not in KEYS:
                message = f"Expected one of {', '.join(KEYS)}, but found “{key}”."
                self.wrong("unknown-key", message, "Correct or remove the key.", key)

    def _judge_parts(self) -> None:
        connector, url, secret = f"connector “{self._area}”", self._said.get("url"), self._said.get("secret")
        timeout = self._said.get("timeout", USUAL_TIME_OUT)
        if (sentence := _bad_url(url)) is not None:
            message = f"Expected {connector} to have {sentence}, but it is {url!r}."
            self.wrong("connector-url", message, 'Write url = "https://billing.example/casepath".', "url")
        if not isinstance(secret, str) or not _VARIABLE.fullmatch(secret):
            message = f"Expected {connector} to name the environment variable of its secret, but it does not."
            remedy = 'Write secret = "BILLING_SECRET", and set that variable for the workers.'
            self.wrong("connector-secret", message, remedy, "secret")
        if not _patient(timeout):
            message = f"Expected {connector} to wait for at most 90 seconds, but its timeout is {timeout!r}."
            self.wrong("connector-timeout", message, 'Write a duration such as timeout = "PT10S".', "timeout")

    def wrong(self, rule: str, message: str, remedy: str, *inside: str) -> None:
        self._good = False
        self._tell(rule, message, remedy, "connectors", self._area, *inside)


def _bad_url(url: Any) -> str | None:
    """Return what was expected of an address that is none, or None for a good one."""
    usual = "an address such as https://billing.example/casepath"
    if not isinstance(url, str) or not url.isascii() or re.search(r"[\s\x00-\x1f]", url):
        return usual
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return usual
    if parts.scheme not in ("http", "https") or not host:
        return usual
    if parts.query or parts.fragment or parts.username or parts.password:
        return "an address without query, fragment and password"
    return None if parts.scheme == "https" or _is_loopback(host) else "an address that begins with https"


def _is_loopback(host: str) -> bool:
    """Whether nobody can listen in on the way: http is for the machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _patient(text: Any) -> bool:
    found = read_duration(text) if isinstance(text, str) else None
    return isinstance(found, DaysTimeDuration) and timedelta(0) < found.timedelta <= LONGEST


def check_connectors(
    connectors: Iterable[str], services: Iterable[str], known: Iterable[str], places: Whereabouts
) -> Iterator[PackFinding]:
    """A connector for services that nothing asks for is a typing error: what it should take would stay inside."""
    areas = {area_of(it) for it in services} | set(known)
    for area in connectors:
        if area not in areas:
            message = (
                f"Expected an area of services that a diagram asks for, but nothing asks for “{area}.…”."
            )
            file, line = places.at("connectors", area)
            yield PackFinding(file, "connector", message, f"Write one of {', '.join(sorted(areas))}.", line)
