"""The BPMN 2.0 schema that the library ships, asked for every error instead of its last one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from engine.spiff.errors import Finding
from engine.spiff.reading import Node, refusal

_NAMESPACE = re.compile(r"\{[^{}]*\}")
_MOST_FINDINGS = 50


class _Schema(BpmnValidator):  # type: ignore[misc]
    """The library's validator: its schema and its tolerance of what bpmn-js writes, but all errors of it."""

    def errors(self, root: Node) -> list[etree._LogEntry]:
        copy = etree.ElementTree(deepcopy(root))  # the preparation below changes the tree
        self.preprocess(copy)
        self.validator.validate(copy)
        return list(self.validator.error_log)


@cache
def _schema() -> _Schema:
    return _Schema()


def against_schema(root: Node) -> Iterator[Finding]:
    """Yield where the tree departs from the BPMN 2.0 schema, by line and nearest element id."""
    errors = _schema().errors(root)[:_MOST_FINDINGS]
    prefixes = (
        {prefix: uri for node in root.iter() for prefix, uri in node.nsmap.items() if prefix}
        if errors
        else {}
    )
    for error in errors:
        message = _NAMESPACE.sub("", error.message).rstrip(".")
        yield refusal(
            "schema",
            f"Expected BPMN 2.0, but: {message}.",
            "Correct the element, or draw it again with a BPMN editor.",
            element=_nearest_id(root, error, prefixes),
            line=error.line,
        )


def _nearest_id(root: Node, error: etree._LogEntry, prefixes: Mapping[str, str]) -> str | None:
    found = root.xpath(error.path, namespaces=dict(prefixes)) if error.path else []
    node = found[0] if found else None
    while node is not None:
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return None
