"""Whatever a `pack.toml` holds, its wrong parts become findings; nothing crashes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalog.manifest import read_manifest
from engine.catalog.places import Places

KEYS = [
    "id",
    "title",
    "time_zone",
    "extends",
    "process",
    "states",
    "categories",
    "priorities",
    "tiers",
    "roles",
]
KEYS += ["channels", "queues", "settings", "surprise"]
plain = st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.dates()
tables = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "source", "unit", "title", "roles", "a"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), tables, max_size=8))
def test_any_manifest_is_read_with_its_findings(raw: dict[str, Any]) -> None:
    manifest, findings = read_manifest(raw, Places(""))
    assert all(finding.message and finding.remedy for finding in findings)
    assert all(isinstance(label, str) for label in manifest.states.values())
    assert ("surprise" in raw) <= any("surprise" in finding.message for finding in findings)
