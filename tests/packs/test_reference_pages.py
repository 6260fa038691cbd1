"""The reference pages of packs, forms and scenarios name everything there is."""

from __future__ import annotations

import re

import pytest

from engine.catalog import manifest
from engine.forms.schema import INPUT_TYPES, PRESENTATION_TYPES
from engine.scenarios import expecting, script
from tests.packs.conftest import ROOT


def words(page: str) -> set[str]:
    """Every word that a page shows as code."""
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    text = re.sub(r"(?s)```.*?```", "", text)
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"[\w]+", code)}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("pack", manifest.KEYS),
        ("forms", INPUT_TYPES | PRESENTATION_TYPES),
        ("scenario", script.VERBS | script.KEYS | script.BESIDE | script.GIVEN),
        ("scenario", expecting.WORDS),
    ],
)
def test_a_reference_page_names_everything_there_is(page: str, names: set[str]) -> None:
    assert set(names) - words(page) == set()
