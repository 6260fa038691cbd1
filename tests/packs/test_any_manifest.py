"""Whatever a `pack.toml` holds, its wrong parts become findings; nothing crashes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalog.layers import Layer, StackedPlaces, merged
from engine.catalog.manifest import read_manifest
from engine.catalog.places import Places

KEYS = [
    "id",
    "title",
    "time_zone",
    "extends",
    "base",
    "process",
    "states",
    "categories",
    "priorities",
    "tiers",
    "roles",
]
KEYS += ["goals", "skills", "channels", "queues", "settings", "surprise"]
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


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), tables, max_size=6), min_size=2, max_size=3))
def test_any_manifests_are_laid_over_each_other(raws: list[dict[str, Any]]) -> None:
    prefixes = ["", "extends/core/", "extends/base/"]
    layers = [
        Layer("any", prefix, {}, raw, Places("", f"{prefix}pack.toml"))
        for prefix, raw in zip(prefixes, raws, strict=False)
    ]
    together = merged(layers)
    assert set(together) == set(raws[0]) | {key for raw in raws for key in raw} - {"id", "extends", "base"}
    for key, value in raws[0].items():
        kept = together[key]
        assert set(kept) >= set(value) if isinstance(value, dict) else kept == value or value != value
    _, findings = read_manifest(together, StackedPlaces(layers))
    assert {finding.file for finding in findings} <= {f"{prefix}pack.toml" for prefix in prefixes}
