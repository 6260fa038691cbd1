"""The schema of a form as a page shows it, with what its choices offer where variables say so.

form-js finds these options itself. The plain inputs need them from here: for whoever has no script, and because
form.js takes over what the plain inputs hold, which was nothing while they offered nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from engine.errors import InvalidInput
from engine.forms import Form
from webui.plain import plain


def schema_of(form: Form | None, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's schema; each component whose options come from variables has them as `choices`."""
    if form is None:
        return {"components": []}
    schema: dict[str, Any] = orjson.loads(form.source)
    asked = {it.id: it for it in form.inputs() if it.values_key or it.values_expression}
    for part in _components(schema["components"]):
        if part.get("id") in asked:
            part["choices"] = _choices(form, asked[part["id"]], variables)
    return schema


def _choices(form: Form, component: Any, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the options; none where they can't be found, as the script says then, too."""
    try:
        options = form.options(component, variables)
    except InvalidInput:
        return []
    return [{"value": plain(it.value), "label": it.label} for it in options]


def _components(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _components(part.get("components") or ())
