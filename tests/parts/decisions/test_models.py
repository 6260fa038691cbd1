"""Boxed expressions, requirement graphs, knowledge, services, types and imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.decisions import Model, NoSuchDecision, read_dmn
from engine.decisions.files import read_file
from engine.feel import FeelLimitError, Surroundings
from tests.parts.feel.test_working import CALENDARS, NOW

from .drawing import decision, definitions, given, model, requirements, table, text


def ask(logic: str, *more: str, **inputs: Any) -> Any:
    """Return what one decision with this logic answers; the inputs are what it needs."""
    inside = [given(name) for name in inputs]
    return model(*inside, *more, decision("d1", logic, *inputs)).evaluate("d1", inputs).value


def entry(name: str, logic: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def test_a_decision_asks_the_calendars_that_surround_it() -> None:
    rows = [['is open("night", now())', '"night"'], ["-", 'string(next opening("office", now()))']]
    made = model(given("i"), decision("d1", table("FIRST", ["i"], rows), "i"))
    answer = made.evaluate("d1", {"i": 1}, Surroundings(NOW, CALENDARS))
    assert answer.value == "2026-04-30T19:30:00@Europe/Rome"
    assert [(it.what, it.name) for it in made.named] == [("calendar", "night"), ("calendar", "office")]


def test_a_context_yields_its_entries() -> None:
    assert ask(f"<context>{entry('a', text('1'))}{entry('b', text('a + 1'))}</context>") == {"a": 1, "b": 2}


def test_a_context_with_a_last_entry_without_name_yields_that() -> None:
    assert ask(f"<context>{entry('a', text('1'))}{entry('', text('a + 41'))}</context>") == 42


def test_a_list_and_a_relation() -> None:
    assert ask(f"<list>{text('1')}{text('2')}</list>") == [1, 2]
    columns = '<column name="a"/><column name="b"/>'
    assert ask(f"<relation>{columns}<row>{text('1')}{text('2')}</row></relation>") == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(("logic", "value"), [
    ("<conditional><if>{i > 1}</if><then>{1}</then><else>{2}</else></conditional>", 1),
    ('<for iteratorVariable="x"><in>{[1, 2]}</in><return>{x * i}</return></for>', [5, 10]),
    ('<some iteratorVariable="x"><in>{[1, 9]}</in><satisfies>{x > i}</satisfies></some>', True),
    ('<every iteratorVariable="x"><in>{[1, 9]}</in><satisfies>{x > i}</satisfies></every>', False),
    ("<filter><in>{[1, 6, 7]}</in><match>{item > i}</match></filter>", [6, 7]),
])  # fmt: skip
def test_boxed_forms_of_feel(logic: str, value: Any) -> None:
    for part in ("i > 1", "1", "2", "[1, 2]", "x * i", "[1, 9]", "x > i", "[1, 6, 7]", "item > i"):
        logic = logic.replace("{" + part + "}", text(part))
    assert ask(logic, i=5) == value


KNOWLEDGE = (
    '<businessKnowledgeModel id="k1" name="double"><variable name="double"/><encapsulatedLogic>'
    f'<formalParameter name="n" typeRef="number"/>{text("n * 2")}</encapsulatedLogic></businessKnowledgeModel>'
)


def test_knowledge_is_invoked_by_an_expression_or_by_a_box() -> None:
    binding = f'<binding><parameter name="n"/>{text("21")}</binding>'
    boxed = f"<invocation>{text('double')}{binding}</invocation>"
    made = model(KNOWLEDGE, decision("d1", boxed, "k1"), decision("d2", text("double(4)"), "k1"))
    assert (made.evaluate("d1", {}).value, made.evaluate("d2", {}).value) == (42, 8)


def test_knowledge_may_call_itself() -> None:
    logic = f'<formalParameter name="n"/>{text("if n < 2 then 1 else n * fact(n - 1)")}'
    needs = requirements("k1")
    knowledge = (
        f'<businessKnowledgeModel id="k1" name="fact">{needs}<encapsulatedLogic>{logic}</encapsulatedLogic>'
    )
    made = model(f"{knowledge}</businessKnowledgeModel>", decision("d1", text("fact(5)"), "k1"))
    assert made.evaluate("d1", {}).value == 120


def test_a_function_definition_is_a_value() -> None:
    function = f'<functionDefinition><formalParameter name="a"/>{text("a + 1")}</functionDefinition>'
    assert ask(f"<context>{entry('f', function)}{entry('', text('f(1)'))}</context>") == 2


def test_a_decision_sees_what_it_requires_and_nothing_else() -> None:
    made = model(
        given("i"),
        decision("a", text("i + 1"), "i"),
        decision("b", text("a * 2"), "a"),
        decision("c", text("a")),
    )
    assert made.evaluate("b", {"i": 1}).value == 4
    hidden = made.evaluate("c", {"i": 1})
    assert (hidden.value, hidden.warnings) == (
        None,
        ("In c: Expected a value called a but there is none (line 1, column 1)",),
    )


SERVICE = (
    '<decisionService id="s" name="s"><outputDecision href="#b"/><inputDecision href="#a"/></decisionService>'
)


def test_a_service_replaces_the_decisions_that_it_takes() -> None:
    made = model(decision("a", text("1")), decision("b", text("a * 10"), "a"), SERVICE)
    assert made.evaluate("b", {}).value == 10
    assert made.evaluate("s", {"a": 5}).value == 50
    assert [service.name for service in made.decision_services] == ["s"]


def test_a_service_is_called_like_knowledge() -> None:
    caller = decision("c", text("s(7)"), "ks")
    service = SERVICE.replace('id="s"', 'id="ks"')
    made = model(decision("a", text("1")), decision("b", text("a * 10"), "a"), service, caller)
    assert made.evaluate("c", {}).value == 70


PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="first name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>'
    "</itemDefinition>"
)


@pytest.mark.parametrize(("person", "value"), [
    ({"first name": "Ann", "age": 40}, "Ann"), ({"first name": "Ann", "age": 151}, None), ({"first name": 5}, None),
    ([{"first name": "Ann", "age": 40}], "Ann"), ("Ann", None),
])  # fmt: skip
def test_an_input_that_is_not_of_its_type_is_null(person: Any, value: Any) -> None:
    made = model(PERSON, given("i", "tPerson"), decision("d1", text("i.first name"), "i"))
    result = made.evaluate("d1", {"i": person})
    assert result.value == value
    assert (result.warnings == ()) == (value is not None)


def test_a_result_that_is_not_of_the_type_of_its_decision_is_null() -> None:
    made = model(decision("d1", text('"a"'), type_ref="number"))
    assert made.evaluate("d1", {}).warnings == (
        "In d1: Expected a value of number but found a string that is none.",
    )


def test_a_missing_input_is_null_and_named() -> None:
    result = model(given("i"), decision("d1", text("i"), "i")).evaluate("d1", {})
    assert (result.value, result.warnings) == (None, ("Expected the input i but it was not handed in.",))


def test_a_decision_is_asked_by_id_or_name_and_an_unknown_one_is_not_found() -> None:
    made = model('<decision id="x1" name="Risk"><variable name="Risk"/>' + text("1") + "</decision>")
    assert made.evaluate("x1", {}).value == made.evaluate("Risk", {}).value == 1
    with pytest.raises(NoSuchDecision, match="Expected Test to have the decision Luck"):
        made.evaluate("Luck", {})


def test_decisions_that_need_each_other_are_stopped() -> None:
    made = model(decision("a", text("b"), "b"), decision("b", text("a"), "a"))
    with pytest.raises(FeelLimitError, match="Expected a not to need itself"):
        made.evaluate("a", {})


def test_a_decision_is_made_once_however_many_need_it() -> None:
    layers = [decision(f"d{n}", text(f"d{n - 1} + d{n - 1}"), f"d{n - 1}") for n in range(1, 40)]
    made = model(decision("d0", text("1")), *layers)
    assert made.evaluate("d39", {}).value == 2**39


IMPORTED = definitions(given("i"), decision("a", text("i + 1"), "i"), namespace="urn:base")
IMPORTING = definitions(
    '<import namespace="urn:base" name="Base" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
    decision("d1", text("Base.a * 2"), "urn:base#a"),
)


def test_an_imported_model_is_a_context_under_its_name() -> None:
    base = read_dmn(IMPORTED, "base.dmn")
    made = read_dmn(IMPORTING, "top.dmn", {base.namespace: base})
    assert made.evaluate("d1", {"i": 4}).value == 10


def test_a_file_finds_its_imports_beside_it(tmp_path: Path) -> None:
    (tmp_path / "base.dmn").write_bytes(IMPORTED)
    (tmp_path / "top.dmn").write_bytes(IMPORTING)
    made = read_file(tmp_path / "top.dmn")
    assert isinstance(made, Model)
    assert made.evaluate("d1", {"i": 4}).value == 10


def test_a_model_keeps_what_its_tables_say_beside_their_rules() -> None:
    entries = "<inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry>"
    rule = f'<rule id="{{id}}">{{beside}}{entries}{{behind}}</rule>'
    rules = [
        rule.format(id="a", beside="<description>Long\n  ago</description>", behind=""),
        rule.format(id="b", beside="", behind="<annotationEntry><text>By law</text></annotationEntry>"),
        rule.format(id="c", beside="", behind="<annotationEntry><text/></annotationEntry>"),
    ]
    columns = "<input><inputExpression><text>1</text></inputExpression></input><output/>"
    found = model(
        decision("d1", f'<decisionTable hitPolicy="FIRST">{columns}{"".join(rules)}</decisionTable>')
    )
    assert (found.said(["b"]), found.said(["c", "x"])) == ("By law", "")
    assert found.said(["a", "b"]) == "Long ago"
    every = model(
        decision("d1", f'<decisionTable hitPolicy="COLLECT">{columns}{"".join(rules)}</decisionTable>')
    )
    assert every.said(["a", "b", "c"]) == "Long ago; By law"
