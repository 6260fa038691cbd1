"""What is no DMN, or is wrong with it: refused with element, line and sentence."""

from __future__ import annotations

import pytest

from engine.decisions import DmnRefused, read_dmn

from .drawing import decision, definitions, given, table, text

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="&b;" namespace="x"/>"""


def findings(source: bytes) -> list[tuple[str, int, str]]:
    """Return what is wrong with a file."""
    with pytest.raises(DmnRefused) as refused:
        read_dmn(source, "bad.dmn")
    return [(finding.element, finding.line, finding.sentence) for finding in refused.value.findings]


@pytest.mark.parametrize(("source", "sentence"), [
    (b"no xml at all", "Expected XML but it is broken"), (b"", "Expected XML but it is broken"),
    (b"<definitions/>", "Expected definitions of DMN 1.2 to 1.5 but found definitions."),
    (b"<a xmlns='urn:x'/>", "Expected definitions of DMN 1.2 to 1.5"), (LAUGHS, "without a document type"),
    (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + definitions(), "without a document type"),
    (definitions("<!-- " + "x" * 5_000_001 + " -->"), "at most 5,000,000 bytes"),
])  # fmt: skip
def test_what_is_no_dmn_is_refused(source: bytes, sentence: str) -> None:
    assert sentence in findings(source)[0][2]


@pytest.mark.parametrize("dialect", [
    "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
])  # fmt: skip
def test_dmn_1_2_to_1_5_is_read(dialect: str) -> None:
    made = read_dmn(definitions(decision("d1", text("1")), dialect=dialect), "old.dmn")
    assert made.evaluate("d1", {}).value == 1


def test_all_that_is_wrong_is_found_in_one_go() -> None:
    source = definitions(
        decision("a", text("1 +")),
        decision("b", text("1"), "nobody"),
        "<decision id='c' name='c'/>",
        decision("a", text("2")),
    )
    assert findings(source) == [
        ("a", 2, "Expected an expression but the text ends (line 1, column 4)"),
        ("c", 4, "Expected a decision to have an expression but it has none."),
        ("a", 5, "Expected each id once but a stands twice."),
        ("b", 3, "Expected #nobody to be in the model but it is not."),
    ]


@pytest.mark.parametrize(("logic", "sentence"), [
    ('<functionDefinition kind="Java">' + text("{}") + "</functionDefinition>", "in Java, which is never run"),
    (text('function(a) external {java: {class: "x", method signature: "y"}}'), "an external one, which is never run"),
    ('<literalExpression expressionLanguage="python"><text>1</text></literalExpression>', "FEEL but found python"),
    (table("BEST", ["1"], [("-", "1")]), "Expected a hit policy of DMN but found BEST."),
    (table("UNIQUE", ["1"], [("-",)]), "Expected 1 inputs and 1 outputs in rule 1 but it has others."),
    (table("UNIQUE", [""], [("-", "1")]), "Expected an input to have an expression but it has none."),
    (table("UNIQUE", ["1"], [("< <", "1")]), "Expected an expression but found <"),
    (table("COLLECT", ["1"], [("-", "1", "2")], outputs=["a", "b"], aggregation="SUM"), "to have one output"),
    ("<conditional><if>" + text("1") + "</if></conditional>", "Expected conditional to have then but it has none."),
])  # fmt: skip
def test_what_no_decision_can_mean_is_refused(logic: str, sentence: str) -> None:
    assert sentence in findings(definitions(given("i"), decision("d1", logic)))[0][2]


def test_an_import_that_is_not_at_hand_is_refused() -> None:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    source = definitions(f'<import namespace="urn:gone" name="Gone" importType="{kind}"/>')
    assert findings(source)[0][2] == "Expected the imported model urn:gone to be at hand but it is not."
