"""A form judges what comes back: each missing, wrong or extra field gets its own sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidInput
from engine.feel import Surroundings
from engine.feel.values import FeelTime
from engine.forms import Form, FormRefused


def form(*components: Mapping[str, Any]) -> Form:
    schema = {"type": "default", "id": "sample", "components": list(components)}
    return Form.read(json.dumps(schema).encode(), "sample")


def field(type: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": type, "key": key, "label": key.title(), **more}


def options(*values: Any) -> list[dict[str, Any]]:
    return [{"value": value, "label": f"The {value}"} for value in values]


def mistakes(of: Form, data: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        of.validate(data, context or {})
    return caught.value.fields


class Posted(dict[str, list[str]]):
    """What a browser sends."""

    def getlist(self, key: str) -> list[str]:
        return self[key]


@pytest.mark.parametrize(
    ("component", "sent", "kept"),
    [
        (field("textfield"), "  Ann ", "Ann"),
        (field("textarea"), "one\r\ntwo\n", "one\ntwo"),
        (field("textfield"), "   ", None),
        (field("number"), "12.50", Decimal("12.5")),
        (field("number"), 0.1, Decimal("0.1")),
        (field("number"), "-3", Decimal(-3)),
        (field("checkbox"), "on", True),
        (field("checkbox"), False, False),
        (field("radio", values=options("a", "b")), "b", "b"),
        (field("select", values=options(1, 2)), "2", Decimal(2)),
        (field("select", values=options(True, False)), "false", False),
        (field("checklist", values=options("a", "b", "c")), ["c", "a", "c"], ["c", "a"]),
        (field("taglist", values=options("a")), [], []),
        (field("datetime", subtype="date"), "2026-12-04", date(2026, 12, 4)),
        (field("datetime"), "2026-12-04", date(2026, 12, 4)),
        (field("datetime", subtype="time"), "09:30", FeelTime(9, 30, 0, 0, None)),
        (field("datetime", subtype="datetime"), "2026-12-04T09:30", datetime(2026, 12, 4, 9, 30)),
        (field("datetime", subtype="date"), date(2026, 12, 4), date(2026, 12, 4)),
    ],
)
def test_what_is_sent_becomes_a_feel_value(component: dict[str, Any], sent: Any, kept: Any) -> None:
    value = form(component).validate({"x": sent})["x"]
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("component", "sent", "sentence"),
    [
        (
            field("textfield", validate={"required": True}),
            "",
            "Expected “X” to be filled in, but it is empty.",
        ),
        (field("checkbox", validate={"required": True}), False, "Expected “X” to be ticked, but it is not."),
        (
            field("taglist", values=options("a"), validate={"required": True}),
            [],
            "Expected “X” to be filled in",
        ),
        (field("textfield", validate={"minLength": 3}), "ab", "Expected at least 3 characters, but got 2."),
        (field("textfield", validate={"maxLength": 3}), "abcd", "Expected at most 3 characters, but got 4."),
        (field("textfield", validate={"pattern": "^[A-Z]+$"}), "abc", "Expected the form “^[A-Z]+$”"),
        (field("textfield", validate={"validationType": "email"}), "ann@", "Expected a mail address"),
        (field("textfield", validate={"validationType": "phone"}), "12", "Expected a telephone number"),
        (field("textfield"), 7, "Expected a text, but got a number."),
        (field("textfield"), "a\0b", "can't be stored"),
        (field("number"), "1,5", "Expected a number such as 12.5, but got “1,5”."),
        (field("number"), "NaN", "Expected a number"),
        (field("number"), True, "Expected a number, but got yes or no."),
        (field("number", validate={"min": 2}), "1.9", "Expected at least 2, but got 1.9."),
        (field("number", validate={"max": 2}), "2.1", "Expected at most 2, but got 2.1."),
        (field("number", decimalDigits=2), "1.234", "Expected at most 2 digits after the point"),
        (field("checkbox"), "perhaps", "Expected yes or no"),
        (field("radio", values=options("a", "b")), "c", "Expected one of “The a”, “The b”, but got “c”."),
        (field("checklist", values=options("a")), ["a", "z"], "Expected one of “The a”, but got “z”."),
        (field("taglist", values=options("a")), "a", "Expected a list of choices"),
        (field("datetime", subtype="date"), "2026-02-30", "Expected a date such as 2026-12-04"),
        (field("datetime", subtype="time"), "25:00", "Expected a time such as 09:30"),
        (field("datetime", subtype="datetime"), "2026-12-04", "Expected a date and time such as"),
    ],
)
def test_what_is_wrong_gets_a_sentence(component: dict[str, Any], sent: Any, sentence: str) -> None:
    assert sentence in mistakes(form(component), {"x": sent})["x"]


def test_each_missing_wrong_and_extra_field_is_named() -> None:
    asked = form(
        field("textfield", "name", validate={"required": True}),
        field("number", "amount"),
        field("textfield", "note"),
    )
    assert mistakes(asked, {"amount": "many", "nmae": "Ann"}) == {
        "name": "Expected “Name” to be filled in, but it is empty.",
        "amount": "Expected a number such as 12.5, but got “many”.",
        "nmae": "Expected a field of form “sample” (name, amount, note), but it has no “nmae”.",
    }


def test_a_hidden_field_is_neither_required_nor_taken() -> None:
    asked = form(
        field("radio", "result", values=options("solved", "ask"), validate={"required": True}),
        {
            "type": "group",
            "id": "solution",
            "conditional": {"hide": '=result != "solved"'},
            "components": [field("textarea", "answer", validate={"required": True})],
        },
        field("textarea", "question", conditional={"hide": '=result != "ask"'}, validate={"required": True}),
    )
    assert asked.validate({"result": "ask", "question": "Which?", "answer": "typed before"}) == {
        "result": "ask",
        "question": "Which?",
    }
    assert mistakes(asked, {"result": "solved"}).keys() == {"answer"}


def test_a_condition_sees_the_variables_of_the_task() -> None:
    asked = form(field("textfield", "code", conditional={"hide": '=ticket.channel = "email"'}))
    assert asked.validate({"code": "7"}, {"ticket": {"channel": "email"}}) == {}
    assert asked.validate({"code": "7"}, {"ticket": {"channel": "phone"}}) == {"code": "7"}


def test_a_condition_sees_a_variable_that_the_form_shows_but_was_not_sent() -> None:
    asked = form(
        field("textarea", "reason", readonly=True),
        field("textfield", "code", conditional={"hide": "=reason = null"}, validate={"required": True}),
    )
    assert asked.validate({}, {"reason": None}) == {}
    assert mistakes(asked, {}, {"reason": "late"}).keys() == {"code"}


def test_a_condition_may_ask_for_the_present_moment() -> None:
    asked = form(
        field("textfield", "code", conditional={"hide": '=now() < date and time("2026-01-01T00:00:00Z")'})
    )
    assert asked.validate({"code": "7"}, {}, Surroundings(datetime(2025, 6, 1, tzinfo=UTC))) == {}
    assert asked.validate({"code": "7"}, {}, Surroundings(datetime(2026, 6, 1, tzinfo=UTC))) == {"code": "7"}


def test_a_condition_that_never_ends_is_stopped_and_names_its_field() -> None:
    endless = "=every x in 1..100000, y in 1..100000 satisfies x + y > 0"
    asked = form(field("textfield", "code", conditional={"hide": endless}))
    assert "to be shown or hidden by" in mistakes(asked, {"code": "7"})["code"]


def test_a_read_only_field_is_never_taken() -> None:
    asked = form(field("textfield", "reason", readonly=True), field("textfield", "sum", disabled=True))
    assert asked.validate({"reason": "forged", "sum": "forged"}, {"reason": "given"}) == {}


def test_a_field_left_out_keeps_its_variable_or_takes_its_default() -> None:
    asked = form(
        field("select", "tier", values=options("standard", "premium"), defaultValue="standard"),
        field("textfield", "category", validate={"required": True}),
    )
    assert asked.validate({}, {"category": "billing"}) == {"tier": "standard"}
    assert asked.validate({}, {"category": "billing", "tier": "premium"}) == {}
    assert mistakes(asked, {"category": ""}, {"category": "billing"}).keys() == {"category"}


def test_options_come_from_a_variable_or_an_expression() -> None:
    by_key = form(field("select", valuesKey="plans"))
    plans = {"plans": [{"value": "s", "label": "Small"}, "xl"]}
    assert by_key.validate({"x": "xl"}, plans) == {"x": "xl"}
    assert "“Small”, “xl”" in mistakes(by_key, {"x": "m"}, plans)["x"]
    by_expression = form(field("radio", valuesExpression="=for n in numbers return n * 2"))
    assert by_expression.validate({"x": "4"}, {"numbers": [1, 2]}) == {"x": Decimal(4)}


def test_a_page_without_script_sends_fields_by_their_names() -> None:
    asked = form(
        field("textfield", "name"),
        field("checkbox", "urgent"),
        field("checklist", "tags", values=options("a", "b")),
        field("taglist", "none", values=options("a")),
    )
    posted = Posted({"csrf": ["…"], "field:name": ["Ann"], "field:tags": ["a", "b"], "field:extra": ["1"]})
    raw = asked.from_html(posted)
    assert raw == {"name": "Ann", "urgent": False, "tags": ["a", "b"], "none": [], "extra": "1"}
    assert mistakes(asked, raw).keys() == {"extra"}


def test_a_drawn_form_sends_blanks_and_json_where_text_is_not_enough() -> None:
    asked = form(
        field("checkbox", "urgent"),
        field("number", "amount"),
        field("checklist", "parts", valuesKey="stock"),
    )
    stock = {"stock": [{"value": {"id": 1, "weight": 0.5}, "label": "Bolt"}]}
    posted = Posted(
        {
            "field:urgent": [""],
            "field:amount": [""],
            "field-json:parts": ['[{"id": 1, "weight": 0.5}]'],
            "field-json:worse": ["[1"],
        }
    )
    raw = asked.from_html(posted)
    assert (raw["urgent"], raw["amount"], raw["worse"]) == (False, "", "[1")
    del raw["worse"]
    assert asked.validate(raw, stock) == {
        "urgent": False,
        "amount": None,
        "parts": [{"id": Decimal(1), "weight": Decimal("0.5")}],
    }


def test_a_pattern_that_takes_for_ever_is_stopped() -> None:
    asked = form(field("textfield", validate={"pattern": "^(a|aa)+$"}))
    assert "takes too long" in mistakes(asked, {"x": "a" * 40 + "!"})["x"]


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        ({"type": "iframe", "id": "map"}, "'iframe' is none"),
        ({"type": "button", "id": "send"}, "'button' is none"),
        (field("textfield", "a.b"), "letters, digits and underscores"),
        (field("select"), "Expected options to choose from"),
        (field("datetime", subtype="week"), "Expected a date, time or datetime"),
        (field("datetime", disallowPassedDates=True), "Expected no disallowPassedDates"),
        (field("textfield", validate={"pattern": "("}), "Expected a pattern"),
        (field("number", validate={"min": "few"}), "Expected min to be a number"),
        (field("textfield", conditional={"hide": "=a ==== b"}), "Expected FEEL"),
    ],
)
def test_what_can_not_be_judged_is_refused_when_the_form_is_read(
    component: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FormRefused) as caught:
        form(component)
    assert sentence in str(caught.value)
    assert all(finding.line and finding.remedy for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"{", "Expected JSON"),
        (b"\xff\xfe", "Expected JSON"),
        (b"[]", "Expected a form-js schema"),
        (b"[" * 100_000, "Expected JSON"),
        (b" " * 1_000_001, "Expected a form of at most 1 MB"),
        (
            b'{"components": [{"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}]}',
            "stands twice",
        ),
    ],
)
def test_a_file_that_is_no_form_is_refused(source: bytes, sentence: str) -> None:
    with pytest.raises(FormRefused) as caught:
        Form.read(source, "bad")
    assert sentence in str(caught.value)


def test_every_component_of_groups_is_seen_in_order() -> None:
    inner = {"type": "group", "id": "g", "components": [field("number", "b"), {"type": "text", "text": "Hi"}]}
    assert [it.key for it in form(field("textfield", "a"), inner, field("checkbox", "c")).inputs()] == list(
        "abc"
    )
