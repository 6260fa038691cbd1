"""From errors of the core to pages and problems.

The core says what it expected and found; here it gets a status and the three things a person wants to know: what
happened, what is kept, what to do next.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from engine.errors import CasepathError, Conflict, Forbidden, InvalidInput, NotFound, Refused
from webui import csrf, uploading
from webui.api.answers import problem

log = logging.getLogger("casepath.web")


class Unauthenticated(CasepathError):
    """Nobody is logged in, or the token is unknown."""


class TooMany(CasepathError):
    """Somebody tried too often; `seconds` until the next try."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True)
class Told:
    """How a kind of error is told: its kind in the API, the page's title, what is kept, where to go."""

    kind: str
    status: int
    title: str
    kept: str
    next_label: str = ""


_NOTHING_CHANGED = "Nothing was changed."
_TOLD: Mapping[type[Exception], Told] = {
    Unauthenticated: Told("unauthenticated", 401, "Log in first", _NOTHING_CHANGED, "Log in"),
    TooMany: Told("too-many", 429, "Too many tries", _NOTHING_CHANGED, "Try again later"),
    NotFound: Told(
        "not-found", 404, "There is nothing here", "The address may be mistyped, or the thing is gone."
    ),
    Forbidden: Told("forbidden", 403, "This is not open to you", _NOTHING_CHANGED),
    Conflict: Told("conflict", 409, "Somebody was quicker", _NOTHING_CHANGED),
    InvalidInput: Told(
        "invalid-input",
        422,
        "Something is missing or wrong",
        _NOTHING_CHANGED,
    ),
    Refused: Told("refused", 422, "It can't be done now", _NOTHING_CHANGED),
}
_HTTP: Mapping[int, Told] = {
    400: Told("invalid-input", 422, "This request can't be read", _NOTHING_CHANGED),
    404: _TOLD[NotFound],
    405: Told("method-not-allowed", 405, "This address takes no such request", _NOTHING_CHANGED),
    413: Told("too-large", 413, "This is too large", _NOTHING_CHANGED),
}
_HAPPENED: Mapping[int, str] = {
    404: "Expected something at {0.path}, but there is nothing.",
    405: "Expected another kind of request at {0.path}, but it was {0.method}.",
    413: "Expected at most {1} MB at once, but more was sent.",
}
_FAILED = Told(
    "failed", 500, "Something failed here", "Nothing was changed: a step is done as a whole or not at all."
)

_AWAY = "Expected the database to answer, but it is away for a moment. Send it again: nothing is done twice."


def install(app: Flask) -> None:
    """Answer every error with a page, or with a problem where the API was asked."""
    app.register_error_handler(CasepathError, _answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(psycopg.OperationalError, _answer_unavailable)
    app.register_error_handler(psycopg.InterfaceError, _answer_unavailable)
    app.register_error_handler(Exception, _answer_unexpected)


def told(error: Exception) -> Told:
    """Return how an error is told."""
    return next((_TOLD[kind] for kind in type(error).__mro__ if kind in _TOLD), _TOLD[Refused])


def _answer(error: CasepathError) -> Response:
    how = told(error)
    response = _respond(how, str(error), getattr(error, "fields", None))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, Unauthenticated) and _for_api():
        response.headers["WWW-Authenticate"] = 'Bearer realm="casepath"'
    return response


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 405 and request.method == "GET" and not _for_api() and (page := _page_above()):
        return redirect(page)
    response = _respond(
        _HTTP.get(status, _FAILED),
        _HAPPENED.get(status, "Expected a sound request, but it isn't.").format(
            request, uploading.most_megabytes()
        ),
    )
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def _page_above() -> str:
    """Return the page that an address belongs to which only takes what is sent: whoever loads it again, after a
    refusal, or keeps it as a bookmark, comes back to where it can be sent."""
    addresses, path = current_app.create_url_adapter(request), request.path
    while addresses and (path := path.rpartition("/")[0]):
        if addresses.test(path, "GET"):
            return path
    return ""


def _answer_unavailable(error: psycopg.Error) -> Response:
    """Say that the database is away. No page: its frame would ask the database who asks."""
    log.warning("The database does not answer: %s", error)
    plain = Response(_AWAY, 503, mimetype="text/plain")
    response = problem("unavailable", _AWAY) if _for_api() else plain
    response.headers["Retry-After"] = "5"
    return response


def _answer_unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.exception(
        "Request %s %s failed; reference %s", request.method, request.path, reference, exc_info=error
    )
    return _respond(
        _FAILED, "Something went wrong that nobody foresaw. It has been noted.", reference=reference
    )


def _for_api() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _respond(
    how: Told, happened: str, fields: Mapping[str, str] | None = None, reference: str = ""
) -> Response:
    if _for_api():
        return problem(how.kind, happened, fields, **({"reference": reference} if reference else {}))
    typed = _typed() if how.status != 413 else []
    way_on, address = _way_on()
    page = render_template(
        "error.html",
        title=how.title,
        happened=happened,
        wrong=fields or {},
        kept=f"{how.kept} What you typed stands below." if typed else how.kept,
        typed=typed,
        next_label=how.next_label or way_on,
        next_href=address,
        reference=reference,
    )
    return make_response(page, how.status)


def _typed() -> list[tuple[str, str]]:
    """What a person had typed into the form that could not be taken, so that it can be copied from here."""
    never = {
        csrf.FIELD,
        "command_id",
        "revision",
        "next",
        "back",
        "intent",
        "password",
        "kept",
        "bpmn",
        "kept_file",
    }
    return [
        (name.removeprefix("field:"), value)
        for name, value in request.form.items(multi=True)
        if name not in never and value.strip()
    ]


def _way_on() -> tuple[str, str]:
    back = request.headers.get("Referer", "")
    if request.method == "POST" and back.startswith(request.host_url):
        return "Go back", back
    return ("Go to the first page", "/") if g.get("who") else ("Go to the log-in", "/login")
