"""One short word after a redirect: what was just done.

The cookie carries only a name of the closed list below, never text, so it needs no signature: whoever forges one
can show himself one of our own sentences.
"""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

COOKIE = "casepath_notice"

NOTICES: dict[str, tuple[str, str]] = {
    "acted": ("ok", "This is where the ticket stands now."),
    "acted_by_customer": ("ok", "This is where your request stands now."),
    "added": ("ok", "The person was added. Hand the link over; it works once."),
    "answered": ("ok", "Your answer reached us."),
    "asked": ("ok", "We have your request. Keep this page's address; it is yours alone."),
    "asked_anew": (
        "ok",
        "Your earlier request is closed, so what you wrote is a new one. This is its page; keep it.",
    ),
    "assigned": ("ok", "The task was given over."),
    "call": ("ok", "The call was noted."),
    "cancelled": ("ok", "The ticket was cancelled."),
    "changed": ("ok", "The changes were saved."),
    "claimed": ("ok", "The task is yours."),
    "completed": ("ok", "The task was completed."),
    "confirmed": ("ok", "Thank you. Your request is closed."),
    "deployed": ("ok", "The new version is in force for new tickets."),
    "draft": ("ok", "What you typed is kept."),
    "logged_out": ("info", "You are logged out."),
    "mail_dismissed": ("ok", "The mail was dismissed; it can still be taken up."),
    "mail_followed": (
        "ok",
        "Nobody listens on that ticket any more, so the mail opened this one, which follows it.",
    ),
    "mail_noted": ("ok", "The mail was noted here."),
    "mail_opened": ("ok", "The mail opened this ticket."),
    "mail_replied": ("ok", "The mail was added here as words of the customer."),
    "moved": ("ok", "The token was moved."),
    "none_left": ("info", "The task was completed. Nothing else waits for you in this folder."),
    "not_solved": ("ok", "Thank you for telling us. We go on with it."),
    "note": ("ok", "The note was added."),
    "opened": ("ok", "The ticket was opened."),
    "released": ("ok", "The task went back to its queue."),
    "reply": ("ok", "The reply was added; the customer can read it."),
    "retried": ("ok", "It is being tried again."),
    "revoked": ("ok", "The token no longer works."),
    "skipped": ("ok", "It was skipped; the ticket goes on."),
    "thanked": ("ok", "Thank you. Your answer reached us."),
    "stands_again": ("warn", "It was done, and the ticket stands still again. This is what it says now."),
    "unchanged": ("info", "Nothing was changed."),
}


def after(response: Response, name: str) -> Response:
    """Show a notice on the page that this redirect leads to."""
    assert name in NOTICES, name
    response.set_cookie(COOKIE, name, max_age=60, httponly=True, samesite="Lax")
    return response


def pending(with_categories: bool = True) -> list[tuple[str, str]]:
    """Return what the page must show, as (category, sentence); it is shown once."""
    notice = NOTICES.get(request.cookies.get(COOKIE, ""))
    g.notice_shown = notice is not None
    return [notice] if notice else []


def forget_shown(response: Response) -> Response:
    """Take the notice away once a page has shown it."""
    if g.get("notice_shown"):
        response.delete_cookie(COOKIE)
    return response
