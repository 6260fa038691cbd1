"""Response headers that tell the browser what a page may do.

No page of ours has an inline script. Pages that draw diagrams or forms need inline styles, because bpmn-js,
form-js and CodeMirror set them; only those get the wider style rule, by `g.draws`.
"""

from __future__ import annotations

from flask import Response, g, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def draws() -> None:
    """Say that the page being rendered draws a diagram or a designed form."""
    g.draws = True


def set_headers(response: Response, secure: bool) -> Response:
    """Add the security headers, and keep personal pages out of shared caches."""
    styles = "'self' 'unsafe-inline'" if g.get("draws") else "'self'"
    response.headers["Content-Security-Policy"] = _POLICY.format(styles=styles)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
