"""What commands are handed on their line: text, JSON objects and counts, each judged before anything is done."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import InvalidInput


def json_object(text: str, flag: str) -> Mapping[str, Any]:
    """Return the JSON object that a flag gives. Raises InvalidInput for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"Expected {flag} to be a JSON object, but: {error}.") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"Expected {flag} to be a JSON object, but got {text!r}.")
    return value


def count(text: str) -> int:
    """Return a number of one or more, as argparse wants its types."""
    if text.isascii() and text.isdigit() and 0 < int(text[:10]) < 10**9:
        return int(text[:10])
    raise argparse.ArgumentTypeError(f"Expected a whole number of 1 or more, but got {text!r}.")


def first_unreadable(arguments: Iterable[str]) -> str | None:
    """Return the first argument that is no Unicode text, or None. The shell hands on bytes that mean nothing."""
    return next((it for it in arguments if "\0" in it or not _encodes(it)), None)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
