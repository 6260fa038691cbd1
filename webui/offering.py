"""The schema of a form as a page shows it, with what its choices offer where variables say so.

form-js finds these options itself. The plain inputs need them from here: for whoever has no script, and because
form.js takes over what the plain inputs hold, which was nothing while they offered nothing.

An amount of money is drawn as a text field: a number field of form-js makes NaN of "1.234,56", and the server, which
judges it, could neither say what is wrong nor show it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from engine.errors import InvalidInput
from engine.forms import Form
from webui.plain import plain


def schema_of(form: Form | None, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's schema: options that come from variables are `choices`, amounts texts that name a currency."""
    if form is None:
        return {"components": []}
    schema: dict[str, Any] = orjson.loads(form.source)
    asked = {it.key: it for it in form.inputs()}
    for part in _components(schema["components"]):
        component = asked.get(part.get("key"))
        if component and (component.values_key or component.values_expression):
            part["choices"] = _choices(form, component, variables)
        if component and component.money is not None:
            part.update(_amount(form, component, variables))
    return schema


def _amount(form: Form, component: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return an amount as a text field, whose label names the currency as far as it is known."""
    try:
        currency = form.currency(component, variables)
    except InvalidInput:
        currency = None
    named = isinstance(currency, str) and currency not in component.label
    label = f"{component.name} ({currency})" if named else component.name
    rules = {"required": True} if component.rules.required else {}
    return {"type": "textfield", "label": label, "inputmode": "decimal", "validate": rules}


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
