"""Answers of the API: JSON, and problems as RFC 9457 (`application/problem+json`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its HTTP status, and the title that never changes."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "unauthenticated": Kind(401, "A token is needed"),
    "forbidden": Kind(403, "Not allowed"),
    "not-found": Kind(404, "Not found"),
    "method-not-allowed": Kind(405, "Method not allowed"),
    "conflict": Kind(409, "Somebody was quicker"),
    "too-large": Kind(413, "Too large"),
    "invalid-input": Kind(422, "Some fields are wrong"),
    "refused": Kind(422, "It can't be done now"),
    "too-many": Kind(429, "Too many tries"),
    "failed": Kind(500, "Something failed"),
    "unavailable": Kind(503, "Not ready"),
}


def json_response(value: Any, status: int = 200, media: str = "application/json") -> Response:
    """Return a value as JSON; moments as RFC 3339, ids, decimals and durations as text."""
    body = b"" if status == 204 else orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status=status, mimetype=media)


def problem(kind: str, detail: str, errors: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Return a problem; `errors` maps fields to sentences, `more` are further members."""
    known = KINDS[kind]
    document: dict[str, Any] = {
        "type": f"{request.script_root}/api/v1/problems/{kind}",
        "title": known.title,
        "status": known.status,
        "detail": _printable(detail),
        "instance": request.path,
        **more,
    }
    if errors:
        document["errors"] = [
            {"field": _printable(name), "detail": _printable(sentence)} for name, sentence in errors.items()
        ]
    return json_response(document, known.status, "application/problem+json")


def _printable(text: str) -> str:
    """A problem may quote what was sent, and JSON can spell half a surrogate pair, which UTF-8 can't."""
    return text.encode(errors="backslashreplace").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else str(value)
    if isinstance(value, UUID | timedelta):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
