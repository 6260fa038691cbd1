"""SMTP and LMTP as `aiosmtpd` speaks them, with our own sentences, and with one answer for each receiver in LMTP.

LMTP (RFC 2033) answers the end of the data once for each receiver that was accepted. The library pushes one line;
here that line becomes as many as the sender waits for, or it would take the next answer for the missing one.
"""

from __future__ import annotations

from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

# Programs write longer lines than the 998 characters of RFC 5322; a mail is not lost for that.
LONGEST_LINE = 1 << 20


class SmtpSession(SMTP):
    """One connection of a mail server that speaks SMTP."""

    line_length_limit = LONGEST_LINE
    answers_each = False

    async def push(self, status: Any) -> None:
        """Send an answer; those of the library that a person may come to read are in our words."""
        await super().push(self._translated(status if isinstance(status, str) else status.decode()))

    def _translated(self, status: str) -> str:
        if status.startswith("552 Error"):
            most = (self.data_size_limit or 0) >> 20
            return self.for_each(f"552 5.3.4 Expected a mail of at most {most} MB, but it is larger.")
        if status.startswith("500 Line too long"):
            return self.for_each(
                f"550 5.6.0 Expected lines of at most {LONGEST_LINE} bytes, but one is longer."
            )
        return status

    def for_each(self, answer: str) -> str:
        """Return an answer as often as the sender waits for it."""
        receivers = self.envelope.rcpt_tos if self.answers_each and self.envelope else []
        return "\r\n".join([answer] * max(len(receivers), 1))


class LmtpSession(SmtpSession, LMTP):
    """One connection of a mail server that speaks LMTP."""

    answers_each = True
