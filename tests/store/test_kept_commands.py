"""Every command can be kept as JSON and comes back as it was."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any, get_type_hints
from uuid import UUID

import orjson
import pytest

from engine.runtime.commands import COMMANDS, SYSTEM, MoveToken, Requester
from engine.store.commands import body, revive

SAMPLES: dict[Any, Any] = {
    UUID: UUID(int=7),
    UUID | None: UUID(int=8),
    str: "text",
    str | None: "text",
    int: 3,
    int | None: 3,
    bool: False,
    Requester: Requester("Cara", "cara@example.com", id=UUID(int=9)),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_comes_back_as_it_was(kind: str) -> None:
    made_of = COMMANDS[kind]
    hints = get_type_hints(made_of)
    given = {it.name: SAMPLES.get(hints[it.name], {"amount": Decimal("1.50")}) for it in fields(made_of)}
    if "kind" in given:
        given["kind"] = "note"
    command = made_of(**{**given, "id": UUID(int=1), "desk_id": 1, "actor": SYSTEM})
    actor = {"kind": "system", "id": "casepath", "name": "Casepath", "roles": [], "queues": []}
    json = orjson.loads(orjson.dumps(body(command)))
    assert revive(kind, json, id=command.id, desk_id=1, actor=actor) == command


def test_a_wait_that_is_not_named_stays_so() -> None:
    command = MoveToken(
        id=UUID(int=1), desk_id=1, actor=SYSTEM, ticket=1, element="a", target="b", reason="r"
    )
    assert body(command)["wait_id"] is None
