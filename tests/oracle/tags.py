"""Namespaces of a BPMN file, and how its elements are made."""

from __future__ import annotations

import xml.etree.ElementTree as ET

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CASEPATH = "https://casepath.dev/bpmn/1"
PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "zeebe": ZEEBE, "casepath": CASEPATH}

for prefix, uri in PREFIXES.items():
    ET.register_namespace(prefix, uri)


def bpmn(parent: ET.Element, name: str, /, **attributes: str) -> ET.Element:
    return tag(parent, BPMN, name, **attributes)


def zeebe(parent: ET.Element, name: str, /, **attributes: str) -> ET.Element:
    """Add an element to the extension elements of another."""
    extensions = parent.find(f"{{{BPMN}}}extensionElements")
    if extensions is None:
        extensions = bpmn(parent, "extensionElements")
    return tag(extensions, ZEEBE, name, **attributes)


def tag(parent: ET.Element, namespace: str, name: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def truth(value: bool) -> str:
    return "true" if value else "false"
