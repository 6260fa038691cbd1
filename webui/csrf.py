"""Forms that only our own pages can send.

Two independent guards stand before every POST of a page. The browser's own word (`Sec-Fetch-Site`) refuses what
another site sent. And each form carries a token, derived by HMAC from a secret that only this browser's cookies
hold: the session's token for somebody logged in, else a visitor cookie. Both cookies are HttpOnly, so another site
can neither read nor compute it, and the server keeps nothing. The API has no cookies and needs none of this.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Request, Response, g, request

VISITOR_COOKIE = "casepath_visitor"
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def token() -> str:
    """Return the token for forms on the page being rendered; makes a visitor cookie where nothing else is."""
    return _derived(g.session_token or _visitor())


def holds(given: Request) -> bool:
    """Say whether a posted form carries the token of this browser."""
    secret: str | None = g.session_token or given.cookies.get(VISITOR_COOKIE)
    sent = given.headers.get(HEADER) or given.form.get(FIELD, "")
    return secret is not None and hmac.compare_digest(_derived(secret).encode(), sent.encode())


def from_elsewhere(given: Request) -> bool:
    """Say whether the browser itself says that another site sent this."""
    return given.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def set_visitor_cookie(response: Response, secure: bool) -> Response:
    """Hand the visitor cookie out if this request made one."""
    made = g.get("visitor_token")
    if made:
        response.set_cookie(VISITOR_COOKIE, made, httponly=True, samesite="Lax", secure=secure)
    return response


def _visitor() -> str:
    known: str | None = request.cookies.get(VISITOR_COOKIE) or g.get("visitor_token")
    if known is None:
        known = g.visitor_token = secrets.token_urlsafe(32)
    return known


def _derived(secret: str) -> str:
    return hmac.new(secret.encode(), b"casepath form", "sha256").hexdigest()
