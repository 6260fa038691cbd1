"""The link by which a customer follows a ticket without an account.

It is made from the desk, the number and a signature over both (HMAC-SHA256 with the installation's secret key), so
nothing secret needs to be kept anywhere: not in the ticket, not in the trail, not in a mail that waits.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable

_SIGNATURE_BYTES = 18
_MARK = re.compile(r"<follow:([A-Za-z0-9_]*)>")


def follow_secret(secret_key: str, desk_id: int, number: int) -> str:
    """Return the last part of a ticket's link, such as `1-4711-Zm9v…`."""
    return f"{desk_id}-{number}-{_signature(secret_key, desk_id, number)}"


def follow_url(base_url: str, secret_key: str, desk_id: int, number: int) -> str:
    """Return the whole address at which a customer follows a ticket."""
    return f"{base_url.rstrip('/')}/follow/{follow_secret(secret_key, desk_id, number)}"


def question_path(name: str) -> str:
    """Return what the address of a question to the customer adds to that of their ticket; nothing for no name."""
    return f"/form/{name}" if name else ""


def with_links(text: str, link: Callable[[str], str]) -> str:
    """Return a template's text with `<follow:name>` replaced by what `link` makes of the name (empty: the ticket).

    Only who sends or shows a mail knows addresses: the trail keeps the mark, so that no signature stands there.
    """
    return _MARK.sub(lambda found: link(found[1]), text)


def read_follow_secret(secret_key: str, text: str) -> tuple[int, int] | None:
    """Return desk and ticket number of a link, or None where the signature isn't ours."""
    desk, _, rest = text.partition("-")
    number, _, signature = rest.partition("-")
    if not (desk.isdecimal() and number.isdecimal() and desk.isascii() and number.isascii()):
        return None
    if len(desk) > 9 or len(number) > 9:
        return None
    expected = _signature(secret_key, int(desk), int(number))
    return (int(desk), int(number)) if hmac.compare_digest(signature, expected) else None


def _signature(secret_key: str, desk_id: int, number: int) -> str:
    digest = hmac.digest(secret_key.encode(), f"follow {desk_id} {number}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()
