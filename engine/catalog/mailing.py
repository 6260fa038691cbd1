"""`[mail]` of a pack: the addresses at which its desk takes mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")


def read_addresses(table: Mapping[str, Any], wrong: Callable[..., None]) -> tuple[str, ...]:
    """Return the addresses of a `[mail]` table, in small letters; `wrong` is told of everything else in it."""
    listed = table.get("addresses", [])
    for key in table:
        if key != "addresses":
            message = f"Expected one of addresses, but found “{key}”."
            wrong("unknown-key", message, "Correct or remove the key.", "mail", key)
    if not isinstance(listed, list):
        message = f"Expected a list of mail addresses, but it is {listed!r}."
        wrong("type", message, 'Write addresses = ["help@desk.example"].', "mail", "addresses")
        return ()
    found = []
    for address in listed:
        if isinstance(address, str) and _ADDRESS.fullmatch(address):
            found.append(address.lower())
        else:
            message = f"Expected a mail address, but found {address!r}."
            wrong("mail-address", message, "Write one such as help@desk.example.", "mail", "addresses")
    return tuple(dict.fromkeys(found))
