"""What is answered: 250 after the commit and never before, 451 for what may go better later, 550 and 552 for good.

Nothing is kept here. A mail whose answer gets lost is handed over again, and is known by its id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from engine.errors import NotFound
from engine.mailroom import Incoming, Mailroom, Receipt, TooLarge

MOST_RECEIVERS = 100
AT_ONCE = 4
_TO_ANSWER_SECONDS = 0.1
_LATER = "451 4.3.0 Expected to keep the mail, but that failed; please send it again later."
_Answer = TypeVar("_Answer")
log = logging.getLogger(__name__)


class Receiving:
    """Hands mails to the mailroom, a few at a time, each in a thread of its own."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._mailroom = mailroom
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail")
        self._under_way: set[asyncio.Future[Any]] = set()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Accept an address of a desk, and refuse every other."""
        if len(envelope.rcpt_tos) >= MOST_RECEIVERS:
            return f"452 4.5.3 Expected at most {MOST_RECEIVERS} receivers, but there are more; send the rest apart."
        try:
            await self._beside(lambda: self._mailroom.addresses.desk(address))
        except NotFound as error:
            return f"550 5.1.1 {_ascii(str(error))}"
        except Exception:
            log.exception("Whether %r is an address of a desk could not be found out", address)
            return _LATER
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 An address of a desk."

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail in for each receiver. SMTP has one answer for all: 250 only when all is durable."""
        answers = [await self._beside(partial(self._answer, envelope, to)) for to in envelope.rcpt_tos]
        if server.answers_each:
            return "\r\n".join(answers)
        return next((it for it in answers if not it.startswith("250")), answers[0])

    async def finish(self) -> None:
        """Wait for what is under way; its senders still hear the answer."""
        while self._under_way:
            await asyncio.wait(self._under_way)
            await asyncio.sleep(_TO_ANSWER_SECONDS)  # the sessions are told now, and push their answers
        self._threads.shutdown()

    def _answer(self, envelope: Any, address: str) -> str:
        try:
            desk = self._mailroom.addresses.desk(address)
            incoming = Incoming(envelope.original_content, address, envelope.mail_from or "<>")
            return f"250 2.0.0 {_told(self._mailroom.receive(desk, incoming))}"
        except NotFound as error:
            return f"550 5.1.1 {_ascii(str(error))}"
        except TooLarge as error:
            return f"552 5.3.4 {_ascii(str(error))}"
        except Exception:  # the database is away, or a step holds the ticket: the sender keeps the mail
            log.exception("A mail to %r was not taken in", address)
            return _LATER

    async def _beside(self, work: Callable[[], _Answer]) -> _Answer:
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return await asyncio.shield(future)


def _told(receipt: Receipt) -> str:
    about = f"ticket {receipt.ticket}" if receipt.ticket else "no ticket"
    again = ", as before" if receipt.repeated else ""
    return _ascii(f"Kept as {receipt.mail}: {receipt.outcome}, {about}{again}.")


def _ascii(text: str) -> str:
    return " ".join(text.encode("ascii", "backslashreplace").decode().split())[:400]
