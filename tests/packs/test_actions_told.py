"""Before a button is pressed its page says what will come of it: in the words of the desk, not of the diagram."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.packs.conftest import ROOT

FILES = sorted((ROOT / "processes").glob("*/bpmn/*.bpmn"))
CASEPATH = "{https://casepath.dev/bpmn/1}"


@pytest.mark.parametrize("file", FILES, ids=lambda it: f"{it.parent.parent.name}/{it.stem}")
def test_every_action_says_what_will_come_of_it(file: Path) -> None:
    silent = [
        node.get("id")
        for node in etree.parse(file).iter()
        if node.get(f"{CASEPATH}action") and not node.get(f"{CASEPATH}actionPreview")
    ]
    assert not silent
