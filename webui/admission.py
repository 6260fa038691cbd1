"""What stands before every view: who asks, whether they may, and whether the form was one of ours."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Forbidden, InvalidInput, NotFound
from webui import access, csrf, headers, identity, notices, uploading
from webui.errors import Unauthenticated
from webui.keeping import kept_from_form, resume, typed

_NUL = "Expected text without a NUL, but it has one."


def install(app: Flask) -> None:
    """Judge every request before its view, and finish every response after it."""
    app.before_request(_admit)
    app.after_request(_finish)


def _admit() -> ResponseReturnValue | None:
    api = request.path.startswith("/api/")
    uploading.admit()
    g.who = identity.find(api)
    g.desk_id = g.who.desk_id if g.who else None
    if any("\0" in it for it in (request.path, *request.args.values())):
        raise NotFound("Expected an address without a NUL, but it has one.")
    if request.endpoint is None:
        return None
    roles = access.roles_of(current_app, request.endpoint)
    if roles is None:
        raise Forbidden("Expected an address that is open to somebody, but it is open to nobody.")
    if roles and g.who is None:
        return _ask_to_log_in(api)
    if roles and not access.may(g.who.roles, roles):
        raise Forbidden(
            f"Expected somebody with the role {' or '.join(sorted(roles))}, but you have another."
        )
    if request.method == "POST" and not api:
        return _judge_form()
    return None


def _ask_to_log_in(api: bool) -> ResponseReturnValue:
    """Send a reader to the log-in; keep what a sender typed, to be sent after it."""
    if api:
        raise Unauthenticated("Expected a bearer token that is in force, but there is none.")
    if request.method == "GET":
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
    if csrf.from_elsewhere(request):
        raise Forbidden("Expected a form of this site, but another site sent it.")
    return make_response(render_template("auth/login.html", **kept_from_form()), 401)


def _judge_form() -> ResponseReturnValue | None:
    if wrong := {name: _NUL for name, text in request.form.items(multi=True) if "\0" in text}:
        raise InvalidInput("Expected text that can be kept, but some fields have a NUL.", wrong)
    if csrf.from_elsewhere(request):
        raise Forbidden("Expected a form of this site, but another site sent it.")
    if csrf.holds(request):
        return None
    if csrf.HEADER in request.headers or request.endpoint == "auth.log_in":
        raise Forbidden(
            "Expected this browser's own form, but its token is missing or old; open the page again."
        )
    return resume(request.full_path.rstrip("?"), typed())


def _finish(response: Response) -> Response:
    secure = identity.is_secure()
    csrf.set_visitor_cookie(response, secure)
    notices.forget_shown(response)
    return headers.set_headers(response, secure)
