"""What a person typed into a search field, as PostgreSQL can look for it."""

from __future__ import annotations

SHORTEST_PHONE = 4
_PHONE_TAIL = 8
_MOST_LETTERS = 500  # PostgreSQL takes words of at most 2 kB, and nobody types more


def words(text: str) -> str:
    """Return a tsquery by which every typed word must begin a word of what is searched; empty for no words."""
    found = text[:_MOST_LETTERS].replace("'", " ").replace("\\", " ").replace("\0", " ").split()
    return " & ".join(f"'{word}':*" for word in found)


def phone_pattern(text: str) -> str | None:
    """Return a LIKE pattern for the reversed digits of a phone number, or None where too few digits were typed.

    Only the tail is compared: one writes +49 171 5550123, another 0171 5550123, a third the last digits.
    """
    digits = "".join(it for it in text if it in "0123456789").lstrip("0")
    if len(digits) < SHORTEST_PHONE or any(it.isalpha() for it in text):
        return None
    return digits[-_PHONE_TAIL:][::-1] + "%"
