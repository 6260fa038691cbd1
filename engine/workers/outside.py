"""Asking an outside system by HTTP: one signed request, one answer that is understood or not.

The request is `POST <url>/<verb>` with the JSON `{"inputs": …, "ticket": …, "desk": …}`. `Casepath-Signature` is
HMAC-SHA256 over the timestamp's digits, a full stop and the exact body, in hex, so that a receiver knows who asks,
that nothing was changed on the way, and how old the request is. `Idempotency-Key` is the same for every try of a job.

Only what the outside system says on purpose is a matter for the process: 2xx with a JSON object is the answer, 4xx
with an `error` is a BPMN error of that code. Anything else may pass, and is tried again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from engine.catalog.connectors import Connector
from engine.errors import CasepathError
from engine.feel.numbers import number_text
from engine.feel.values import date_time_text
from engine.services import BpmnError

MOST_BYTES = 1_000_000
_SILENCE = 100.0  # seconds; longer than any limit that the caller sets to the whole
_TOO_EARLY = (408, 425, 429)


class NoAnswer(CasepathError):
    """The outside system could not be asked, or did not answer as agreed; another try may go better."""


def ask(
    connector: Connector,
    secret: str,
    verb: str,
    body: Mapping[str, Any],
    *,
    key: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Ask for one service and return its answer. Raises BpmnError for a refusal, NoAnswer for anything else."""
    content = _json(body).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": str(key),
        "Casepath-Timestamp": timestamp,
        "Casepath-Signature": signature(secret, timestamp, content),
    }
    url = f"{connector.url}/{quote(verb, safe='')}"
    try:
        status, said = _post(url, content, headers)
    except (OSError, HTTPException) as error:
        raise NoAnswer(f"Expected an answer of {url}, but: {type(error).__name__}: {error}.") from error
    return _understood(url, status, said)


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """Return what `Casepath-Signature` holds for a body sent at a timestamp (seconds since 1970, in digits)."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + content, hashlib.sha256).hexdigest()


def _post(url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Send and read; a redirection is not followed, since the signature is meant for this address only."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection: HTTPConnection = HTTPSConnection(host, port, timeout=_SILENCE, context=context)
    else:
        connection = HTTPConnection(host, port, timeout=_SILENCE)
    try:
        connection.request("POST", parts.path, body=content, headers=dict(headers))
        response = connection.getresponse()
        said = response.read(MOST_BYTES + 1)
        if len(said) > MOST_BYTES:
            raise NoAnswer(f"Expected an answer of at most {MOST_BYTES:,} bytes of {url}, but it is longer.")
        return response.status, said
    finally:
        connection.close()


def _understood(url: str, status: int, said: bytes) -> dict[str, Any]:
    answer = _object(said)
    if 200 <= status < 300 and answer is not None:
        return answer
    if 400 <= status < 500 and status not in _TOO_EARLY and answer is not None:
        code = answer.pop("error", None)
        if isinstance(code, str) and code.strip():
            raise BpmnError(code, str(answer.pop("message", "") or code), answer)
    what = "that is no JSON object" if answer is None else "without an error's code"
    told = f"status {status}" if status >= 500 or status in _TOO_EARLY else f"status {status} {what}"
    raise NoAnswer(f"Expected an answer of {url}, but it gave {told}.")


def _object(said: bytes) -> dict[str, Any] | None:
    """Return the JSON object of an answer, its numbers exact; nothing at all stands for an empty one."""
    try:
        found = json.loads(said, parse_float=Decimal, parse_constant=_refuse) if said.strip() else {}
    except (ValueError, InvalidOperation, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"Expected a number, but found {constant}.")


def _json(value: Any) -> str:
    """A FEEL value as JSON: numbers in plain digits, none of them lost; dates, moments and durations as text."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_json, value)) + "]"
    if isinstance(value, Decimal):
        return number_text(value)
    if value is None or isinstance(value, bool | int | str):
        return json.dumps(value)
    return json.dumps(date_time_text(value) if isinstance(value, datetime) else str(value))
