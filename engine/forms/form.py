"""A form that was read: it knows what it shows, and judges what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from engine.errors import InvalidInput
from engine.feel import NO_SURROUNDINGS, Expression, Surroundings
from engine.feel.errors import FeelError, UnkeepableValue
from engine.forms.build import option_of
from engine.forms.fields import FieldError, check, convert
from engine.forms.reading import FormRefused, check_form
from engine.forms.schema import MANY_TYPES, Component, Option

_EMPTY: Mapping[str, Callable[[], Any]] = {"checkbox": bool, **dict.fromkeys(MANY_TYPES, list)}
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Submitted(Protocol):
    """What a browser sent: several values may stand under one name (a Werkzeug MultiDict is one)."""

    def keys(self) -> Iterable[str]:
        """Return the names of the inputs."""
        ...

    def getlist(self, key: str) -> Sequence[str]:
        """Return all values of one name."""
        ...


@dataclass(frozen=True)
class Form:
    """One form: its id, the components in order, and the source that `form-js` draws."""

    id: str
    components: tuple[Component, ...]
    source: bytes

    @classmethod
    def read(cls, source: bytes, name: str) -> Form:
        """Read a form-js schema. Raises FormRefused with every reason why it can't be used."""
        read, findings = check_form(source, name)
        if read is None:
            raise FormRefused(name, findings)
        return cls(read[0], read[1], source)

    def inputs(self) -> Iterator[Component]:
        """Yield the components that a person fills in, groups opened, in order."""
        return (part for part in self._walk() if part.is_input)

    def links(self, values: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield what validated values link the ticket to: field, kind, and the other ticket's number."""
        for component in self.inputs():
            if component.link and component.key and values.get(component.key) is not None:
                yield component.key, component.link, values[component.key]

    def options(
        self, component: Component, context: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> tuple[Option, ...]:
        """Return what a choice offers: its own options, or those that a variable or an expression gives."""
        if component.values_key is not None:
            found = context.get(component.values_key)
        elif component.values_expression is not None:
            found = _evaluate(component, component.values_expression, context, surroundings)
        else:
            return component.options
        return tuple(_offered(found)) if isinstance(found, list) else ()

    def currency(
        self, component: Component, context: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> Any:
        """Return the currency of an amount; None while it is not known, and for what is no amount."""
        if component.money is None:
            return None
        return _evaluate(component, component.money, context, surroundings)

    def hidden(
        self, values: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> frozenset[str]:
        """Return the ids of the components that their conditions hide, and of those inside them."""
        hidden: set[str] = set()
        for component in self._walk():
            if component.hide and _evaluate(component, component.hide, values, surroundings) is True:
                hidden.update(part.id for part in component.walk())
        return frozenset(hidden)

    def validate(
        self,
        data: Mapping[str, Any],
        context: Mapping[str, Any] = _NOTHING,
        surroundings: Surroundings = NO_SURROUNDINGS,
    ) -> dict[str, Any]:
        """Return the fields as FEEL values; `context` is what the task sees, for conditions and options.

        `surroundings` answer these what they ask for beside it.

        A field that was left out keeps what `context` has for it, else takes its default; a blank one becomes
        None. Hidden and read-only fields are
        never taken, whatever was sent for them. Raises InvalidInput that names each missing, wrong or extra field.
        """
        wrong = {key: self._extra(key) for key in data if key not in {it.key for it in self.inputs()}}
        values, unreadable = self._convert(data, context, surroundings)
        hidden = self.hidden({**dict.fromkeys(self._keys()), **context, **values}, surroundings)
        taken = [it for it in self.inputs() if it.id not in hidden and not it.readonly]
        known = {**context, **values}
        for component in taken:
            currency = self.currency(component, known, surroundings)
            sentence = unreadable.get(component.key or "") or _judge(component, known, currency)
            if sentence:
                wrong[component.key or ""] = sentence
        if wrong:
            names = ", ".join(sorted(wrong))
            raise InvalidInput(
                f"Expected a form without mistakes, but these fields have some: {names}.", wrong
            )
        return {key: values[key] for it in taken if (key := it.key or "") in values}

    def from_html(self, submitted: Submitted) -> dict[str, Any]:
        """Return the raw fields of a page's inputs, ready for `validate`.

        They are named `field:<key>`, or `field-json:<key>` for JSON that text can't say. A browser sends nothing for
        an empty checkbox or list of choices; here they become False and [].
        """
        raw: dict[str, Any] = {}
        kinds = {it.key: it.type for it in self.inputs()}
        for component in self.inputs():
            if not component.readonly and component.type in _EMPTY:
                raw[component.key or ""] = _EMPTY[component.type]()
        for name in submitted.keys():  # noqa: SIM118 - the protocol has no iteration
            prefix, _, key = name.partition(":")
            sent = list(submitted.getlist(name))
            if prefix == "field":
                raw[key] = _sent(kinds.get(key, ""), sent)
            elif prefix == "field-json":
                raw[key] = _from_json(sent[-1])
        return raw

    def _walk(self) -> Iterator[Component]:
        return (part for component in self.components for part in component.walk())

    def _keys(self) -> tuple[str, ...]:
        return tuple(it.key for it in self.inputs() if it.key)

    def _convert(
        self, data: Mapping[str, Any], context: Mapping[str, Any], surroundings: Surroundings
    ) -> tuple[dict[str, Any], dict[str, str]]:
        values: dict[str, Any] = {}
        unreadable: dict[str, str] = {}
        for component in self.inputs():
            key = component.key or ""
            if key not in data or component.readonly:
                if key not in data and component.default is not None and context.get(key) is None:
                    values[key] = component.default
                continue
            try:
                options = self.options(component, context, surroundings)
                values[key] = convert(component, data[key], options)
            except FieldError as error:
                unreadable[key] = str(error)
        return values, unreadable

    def _extra(self, key: str) -> str:
        known = ", ".join(self._keys()) or "none"
        return f"Expected a field of form “{self.id}” ({known}), but it has no “{key}”."


def _sent(kind: str, values: list[str]) -> Any:
    """Return what a browser means by the values of one name."""
    if kind in MANY_TYPES:
        return [value for value in values if value]
    return values[-1] or (False if kind == "checkbox" else "")


def _from_json(text: str) -> Any:
    """Return what JSON holds, with exact numbers; a text that is none stays itself, and is judged as such."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError):
        return text


def _judge(component: Component, values: Mapping[str, Any], currency: Any) -> str | None:
    try:
        check(component, values.get(component.key or ""), currency)
    except FieldError as error:
        return str(error)
    return None


def _evaluate(
    component: Component, expression: Expression, values: Mapping[str, Any], surroundings: Surroundings
) -> Any:
    """Evaluate an expression of a form; one that asks too much is the form's fault, and names its field."""
    try:
        return expression.evaluate(values, surroundings)
    except FeelError as error:
        message = f"Expected “{component.name}” to be shown or hidden by “{expression.text}”, but {error}"
        raise InvalidInput(message, {component.key or component.id: message}) from error


def _offered(found: Iterable[Any]) -> Iterator[Option]:
    """What can't be kept can't be chosen."""
    for it in found:
        with suppress(UnkeepableValue):
            yield option_of(it)
