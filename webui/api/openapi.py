"""The OpenAPI 3.1 document, written from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webui.api.answers import KINDS
from webui.api.declare import PREFIX, Operation, may_be_missing
from webui.api.schemas import COMPONENTS, ID, LINE, NUMBER, Schema, reference

_PATH_KINDS: Mapping[str, Schema] = {"number": NUMBER, "version": NUMBER, "id": ID, "file": ID}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again with the same key on the same address, the operation is not done again.",
    "schema": LINE,
}


def document(operations: Iterable[Operation], server: str, version: str) -> dict[str, Any]:
    """Return the document for operations served at an address (without the prefix)."""
    paths: dict[str, dict[str, Any]] = {}
    for declared in operations:
        paths.setdefault(declared.path, {})[declared.method.lower()] = _operation(declared)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Casepath",
            "version": version,
            "summary": "Tickets, tasks, processes and trails of a desk.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{server}{PREFIX}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(declared: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": declared.name,
        "summary": declared.summary,
        "parameters": _parameters(declared),
        "responses": _responses(declared),
    }
    if declared.roles:
        described["description"] = f"For {_either(declared.roles)}."
    else:
        described["security"] = []
    if declared.body:
        content = {"application/json": {"schema": reference(declared.body)}}
        described["requestBody"] = {"required": not may_be_missing(declared.body), "content": content}
    if declared.takes:
        described["requestBody"] = {"required": True, "content": {declared.takes: {}}}
    return described


def _parameters(declared: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_KINDS.get(name, LINE)}
        for name in declared.parameters
    ]
    in_query = [{"name": name, "in": "query", "schema": schema} for name, schema in declared.query.items()]
    return in_path + in_query + ([_IDEMPOTENCY_KEY] if declared.method == "POST" else [])


def _responses(declared: Operation) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if declared.answer:
        done["content"] = {declared.media: {"schema": reference(declared.answer)}}
    elif declared.status != 204:
        done["content"] = {declared.media: {}}
    problems = {str(status): _problem(status) for status in _statuses(declared)}
    return {str(declared.status): done, **problems}


def _statuses(declared: Operation) -> list[int]:
    found = [401, 403, 429] if declared.roles else []
    if declared.parameters:
        found.append(404)
    if declared.body or declared.query:
        found.append(422)
    if declared.method == "POST":
        found.append(409)
    return sorted(found)


def _problem(status: int) -> dict[str, Any]:
    titles = [kind.title for kind in KINDS.values() if kind.status == status]
    return {
        "description": f"{' or '.join(titles)}.",
        "content": {"application/problem+json": {"schema": reference("Problem")}},
    }


def _either(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
