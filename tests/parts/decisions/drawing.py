"""Small DMN files for the tests: a frame, literal decisions and tables from rows."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.decisions import Model, read_dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*elements: str, namespace: str = "urn:test", dialect: str = NAMESPACE) -> bytes:
    """Return a DMN file with these elements."""
    body = "\n".join(elements)
    head = f'<definitions xmlns="{dialect}" id="d" name="Test" namespace="{namespace}">'
    return f"{head}\n{body}\n</definitions>".encode()


def model(*elements: str) -> Model:
    """Return the model with these elements."""
    return read_dmn(definitions(*elements), "test.dmn")


def text(expression: str) -> str:
    """Return a literal expression."""
    return f"<literalExpression><text>{escape(expression)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, type_ref: str = "") -> str:
    """Return a decision; `needs` are ids, of knowledge where they begin with `k`, of input data with `i`."""
    variable = f"<variable name={quoteattr(name)}{f' typeRef={quoteattr(type_ref)}' if type_ref else ''}/>"
    return f"<decision id={quoteattr(name)} name={quoteattr(name)}>{variable}{requirements(*needs)}{logic}</decision>"


def requirements(*needs: str) -> str:
    """Return the requirements of these ids."""
    return "".join(_requirement(need) for need in needs)


def _requirement(need: str) -> str:
    plain = need.rpartition("#")[2]
    if plain.startswith("k"):
        return f'<knowledgeRequirement><requiredKnowledge href="{_href(need)}"/></knowledgeRequirement>'
    kind = "requiredInput" if plain.startswith("i") else "requiredDecision"
    return f'<informationRequirement><{kind} href="{_href(need)}"/></informationRequirement>'


def _href(need: str) -> str:
    return need if "#" in need else f"#{need}"


def given(name: str, type_ref: str = "Any") -> str:
    """Return input data, whose id is its name."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def table(
    policy: str,
    inputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    outputs: Sequence[str] = ("",),
    values: Sequence[str] = (),
    default: str = "",
    aggregation: str = "",
) -> str:
    """Return a decision table; the first cells of a row are tests, the others results. Rules are called r1, r2 …"""
    columns = "".join(
        f"<input><inputExpression><text>{escape(each)}</text></inputExpression></input>" for each in inputs
    )
    made = [_output(name, values[at] if at < len(values) else "", default) for at, name in enumerate(outputs)]
    rules = "".join(_rule(number, row, len(inputs)) for number, row in enumerate(rows, 1))
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    head = f'<decisionTable id="table" hitPolicy="{policy}"{aggregated}>'
    return f"{head}{columns}{''.join(made)}{rules}</decisionTable>"


def _output(name: str, values: str, default: str) -> str:
    allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    fallback = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f"<output{f' name={quoteattr(name)}' if name else ''}>{allowed}{fallback}</output>"


def _rule(number: int, row: Sequence[str], inputs: int) -> str:
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[:inputs])
    results = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[inputs:])
    return f'<rule id="r{number}">{tests}{results}</rule>'
