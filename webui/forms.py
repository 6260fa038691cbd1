"""Small things that every form of ours needs: its command's id, and its typed texts."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import request

from engine.errors import InvalidInput

COMMAND = "command_id"


def new_command_id() -> str:
    """Return the id that a rendered form carries, so that sending it twice does it once."""
    return str(uuid4())


def command_id() -> UUID:
    """Return the id of the command that the posted form asks for. Raises InvalidInput for a mangled one."""
    try:
        return UUID(request.form.get(COMMAND, ""))
    except ValueError:
        raise InvalidInput(
            "Expected the form's own command id, but it is missing; open the page again."
        ) from None


def line(name: str) -> str:
    """Return a typed line without the blanks around it, empty where it is missing."""
    return request.form.get(name, "").strip()


def block(name: str) -> str:
    """Return a typed text of several lines, with plain line ends."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def demand(values: Mapping[str, str], needed: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each needed value that is empty; `needed` maps a name to what to do."""
    return {name: sentence for name, sentence in needed.items() if not values.get(name)}


def summary(wrong: Mapping[str, str]) -> list[dict[str, str]]:
    """Return errors as the component `error_summary` takes them."""
    return [{"field": name, "message": sentence} for name, sentence in wrong.items()]
