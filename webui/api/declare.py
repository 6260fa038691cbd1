"""One declaration for each operation of the API: routes, checks and the OpenAPI document all come from it.

A view is declared with its path in OpenAPI's own spelling (`/tickets/{number}`), who may call it, the schema of
what it takes and of what it gives. The wrapper reads the body by the schema, so a view is only entered with
something sound, and returns plain data; nobody writes the document by hand, so it can't say what isn't so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request

from engine.errors import InvalidInput
from webui import access, uploading
from webui.api import schemas
from webui.api.answers import json_response
from webui.api.judge import wrongs

PREFIX = "/api/v1"
View = Callable[..., Any]
_CONVERTERS = {
    "number": "<int:number>",
    "version": "<int:version>",
    "id": "<uuid:id>",
    "file": "<uuid:file>",
}


@dataclass(frozen=True)
class Operation:
    """One method on one path. `body` and `answer` name schemas; `answer` None is an answer without a body.

    `takes` is the media type of a body that isn't JSON: a file.
    """

    method: str
    path: str
    name: str
    summary: str
    roles: tuple[str, ...]
    status: int
    answer: str | None
    body: str | None = None
    query: Mapping[str, schemas.Schema] = field(default_factory=dict)
    media: str = "application/json"
    takes: str = ""

    @property
    def rule(self) -> str:
        """The path as Flask spells it."""
        return re.sub(r"{(\w+)}", lambda found: _CONVERTERS.get(found[1], f"<{found[1]}>"), self.path)

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"{(\w+)}", self.path)


OPERATIONS: list[Operation] = []
"""Every operation, in the order of declaration."""

api = Blueprint("api", __name__, url_prefix=PREFIX)


def operation(
    method: str,
    path: str,
    summary: str,
    *,
    roles: tuple[str, ...],
    answer: str | None,
    status: int = 200,
    body: str | None = None,
    query: Mapping[str, schemas.Schema] | None = None,
    media: str = "application/json",
    takes: str = "",
) -> Callable[[View], View]:
    """Declare a view as an operation of the API; no roles means that no token is needed."""

    def declare(view: View) -> View:
        made = Operation(
            method, path, view.__name__, summary, roles, status, answer, body, query or {}, media, takes
        )
        OPERATIONS.append(made)
        wrapped = _checked(made, view)
        api.add_url_rule(made.rule, endpoint=view.__name__, view_func=wrapped, methods=[method])
        return view

    return declare


def _checked(declared: Operation, view: View) -> View:
    @functools.wraps(view)
    def answer(**path: Any) -> Response:
        given = dict(path)
        if declared.body:
            given["body"] = _body(declared.body)
        if declared.query:
            given["query"] = _query(declared.query)
        result = view(**given)
        return result if isinstance(result, Response) else json_response(result, declared.status)

    declare = access.only(*declared.roles) if declared.roles else access.public
    return declare(uploading.welcome(answer) if declared.takes else answer)


def _body(name: str) -> Any:
    if not request.get_data() and may_be_missing(name):
        return {}
    try:
        value = request.get_json(silent=True, force=True)
    except RecursionError:
        raise InvalidInput("Expected JSON that is not nested so deeply, but it is.") from None
    if value is None:
        raise InvalidInput("Expected a body of JSON, but there is none that can be read.")
    wrong = wrongs(value, schemas.reference(name))
    if wrong:
        raise InvalidInput("Expected a sound body, but some fields are wrong.", wrong)
    return value


def may_be_missing(name: str) -> bool:
    """Whether a body of this schema says nothing that must be said."""
    return not schemas.COMPONENTS[name]["required"]


def _query(declared: Mapping[str, schemas.Schema]) -> dict[str, Any]:
    unknown = {
        name: "Expected a parameter of this list, but it isn't one."
        for name in request.args
        if name not in declared
    }
    values = {
        name: _parsed(request.args[name], schema) for name, schema in declared.items() if name in request.args
    }
    wrong = unknown | wrongs(values, {"type": "object", "properties": dict(declared)})
    if wrong:
        raise InvalidInput("Expected sound parameters, but some are wrong.", wrong)
    return values


def _parsed(text: str, schema: schemas.Schema) -> Any:
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
