"""Whatever is thrown at a form, it answers with findings or with fields' sentences, never with a crash."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.forms import Form, check_form

TYPES = ["textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "taglist", "datetime"]
TYPES += ["text", "group", "separator", "spacer", "iframe", "", None, 7]
PROPERTIES = [
    "key",
    "id",
    "label",
    "values",
    "valuesKey",
    "valuesExpression",
    "defaultValue",
    "validate",
    "subtype",
]
PROPERTIES += ["conditional", "readonly", "decimalDigits", "description", "text", "components", "height"]
RULES = ["required", "min", "max", "minLength", "maxLength", "pattern", "validationType", "hide"]

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "label", *RULES]) | st.text(max_size=4), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@st.composite
def components(draw: st.DrawFn) -> Any:
    raw = draw(st.dictionaries(st.sampled_from(PROPERTIES), values, max_size=6))
    return {**raw, "type": draw(st.sampled_from(TYPES))}


@settings(max_examples=150, deadline=None)
@given(st.lists(components() | plain, max_size=4))
def test_any_schema_is_read_or_refused_with_findings(parts: list[Any]) -> None:
    read, findings = check_form(json.dumps({"components": parts}).encode(), "any")
    assert (read is None) == bool(findings)


GOOD = Form.read(
    json.dumps(
        {
            "id": "good",
            "components": [
                {"type": "textfield", "key": "a", "validate": {"required": True, "maxLength": 3}},
                {"type": "number", "key": "b", "decimalDigits": 2, "validate": {"min": 0}},
                {"type": "checkbox", "key": "c", "conditional": {"hide": "=b > 1"}},
                {"type": "select", "key": "d", "valuesKey": "options"},
                {"type": "taglist", "key": "e", "values": [{"value": 1, "label": "One"}]},
                {"type": "datetime", "key": "f", "subtype": "datetime"},
                {"type": "datetime", "key": "g", "subtype": "time"},
            ],
        }
    ).encode(),
    "good",
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), values, max_size=7), values)
def test_any_data_is_taken_or_refused_field_by_field(data: dict[str, Any], options: Any) -> None:
    try:
        taken = GOOD.validate(data, {"options": options})
    except InvalidInput as refusal:
        assert refusal.fields
        assert set(refusal.fields) <= set(data) | {"a"}
    else:
        assert set(taken) <= set(data)
