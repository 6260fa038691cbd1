"""What kind of mail it is: words of a person, or something that a program sent.

A program's mail is never answered and never moves a process (RFC 3834): two programs that thank each other for their
mail do so for ever.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum

from engine.mail.headers import Headers

LOOP_HEADER = "X-Casepath-Loop"
_BULK = frozenset({"bulk", "list", "junk"})
_AWAY = re.compile(
    r"\b(out of (the )?office|away from|automatic reply|autoreply|abwesen|automatische antwort|"
    r"absence|réponse automatique|fuori sede|risposta automatica|respuesta automática)",
    re.IGNORECASE,
)


class Nature(Enum):
    """The kinds of mail that come in."""

    ORDINARY = "ordinary"
    OUT_OF_OFFICE = "out_of_office"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"
    FLOOD = "flood"


def nature_of(
    headers: Headers, envelope_sender: str | None, own: Collection[str], loop_mark: str, sender: str
) -> Nature:
    """Judge a mail by its header.

    `envelope_sender` is None where nobody handed one over; `own` are the addresses of our desks, `loop_mark` is what
    our own mails carry.
    """
    if (loop_mark and loop_mark in headers.all(LOOP_HEADER)) or sender in own:
        return Nature.LOOP
    automatic = _automatic(headers)
    if automatic and _is_away(headers):
        return Nature.OUT_OF_OFFICE
    if _is_bounce(headers, envelope_sender) and "auto-replied" not in headers.first("Auto-Submitted").lower():
        return Nature.BOUNCE
    if automatic:
        return Nature.AUTOMATIC
    return Nature.LIST if _is_list(headers, own) else Nature.ORDINARY


def _automatic(headers: Headers) -> bool:
    submitted = headers.first("Auto-Submitted").split(";")[0].strip().lower()
    named = any(headers.first(it) for it in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond"))
    precedence = headers.first("Precedence").strip().lower().replace("-", "_")
    return submitted not in ("", "no") or named or precedence == "auto_reply"


def _is_away(headers: Headers) -> bool:
    return "auto-replied" in headers.first("Auto-Submitted").lower() or bool(
        _AWAY.search(headers.text("Subject"))
    )


def _is_bounce(headers: Headers, envelope_sender: str | None) -> bool:
    if headers.first("Content-Type").lower().startswith("multipart/report"):
        return True
    path = headers.first("Return-Path").strip() if envelope_sender is None else envelope_sender.strip()
    return path == "<>" or (envelope_sender is not None and not path)


def _is_list(headers: Headers, own: Collection[str]) -> bool:
    """A desk's own address may be a list that hands its mail on to us; that is no list to anybody."""
    listed = headers.first("List-Id").lower()
    if any(f"<{address.replace('@', '.')}>" in listed for address in own):
        return False
    return bool(listed) or headers.first("Precedence").strip().lower() in _BULK
