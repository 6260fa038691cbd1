"""What is new in a mail, and what its writer's program repeated."""

from __future__ import annotations

import pytest

from engine.mail.quoting import split_quoted

OUTLOOK = (
    "From: The desk <help@desk.example>\nSent: Monday\nTo: Cara\nSubject: Ticket 1: we have it\n\nDear Cara,"
)


ENGLISH = "On 5 Jan 2026, The desk wrote:\n> Dear Cara\n>> old"
GERMAN = "Am 05.01.2026 um 10:00 schrieb\nHilfe <help@desk.example>:\n\n> alt"
BETWEEN = "> what is your number?\n4711\n> and your name?\nCara"
SIGNED = "Mine\n-- \nCara\nClient Ltd"
FORWARDED = f"-----Original Message-----\n{OUTLOOK}"


@pytest.mark.parametrize(
    ("text", "new", "quoted"),
    [
        (f"Thanks!\n\n{ENGLISH}\n", "Thanks!", ENGLISH),
        (f"Danke\n\n{GERMAN}", "Danke", GERMAN),
        (f"It works.\n\n{OUTLOOK}", "It works.", OUTLOOK),
        (f"It works.\n\n{FORWARDED}", "It works.", FORWARDED),
        (BETWEEN, BETWEEN, ""),
        ("> only quoted", "> only quoted", ""),
        (f"{SIGNED}\n\n> old", SIGNED, "> old"),
        ("These steps:\n1. a\n2. b", "These steps:\n1. a\n2. b", ""),
        ("", "", ""),
    ],
)
def test_the_history_at_the_end_is_folded_away_and_nothing_else(text: str, new: str, quoted: str) -> None:
    assert split_quoted(text) == (new, quoted)
