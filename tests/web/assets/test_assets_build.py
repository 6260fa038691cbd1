"""What is built, and from what."""

from __future__ import annotations

import json
import re
from pathlib import Path

ASSETS = Path(__file__).parents[3] / "webui" / "assets"


def test_every_name_that_pages_use_is_in_the_manifest_and_on_disk(build: Path) -> None:
    manifest = json.loads((build / "manifest.json").read_text())
    pages = {f"{name}.{kind}" for name in ("casepath", "form", "trace", "studio") for kind in ("js", "css")}
    assert set(manifest) == pages | {"icon.svg"}
    assert all((build / file).is_file() for file in manifest.values())


def test_names_change_with_the_content_so_that_files_may_be_cached_for_ever(build: Path) -> None:
    manifest = json.loads((build / "manifest.json").read_text())
    assert all(re.search(r"-[0-9A-Z]{8}\.\w+$", file) for file in manifest.values())


def test_the_licences_of_all_bundled_packages_go_with_the_bundle(build: Path) -> None:
    text = (build / "LICENSES.txt").read_text()
    for name in ("bpmn-js", "camunda-bpmn-js", "@bpmn-io/form-js-viewer", "htmx.org"):
        assert re.search(rf"^{re.escape(name)} \d", text, re.MULTILINE), name
    assert "watermark" in text


def test_no_page_loads_more_than_it_needs(build: Path) -> None:
    manifest = json.loads((build / "manifest.json").read_text())
    assert (build / manifest["casepath.js"]).stat().st_size < 64_000
    assert (build / manifest["casepath.css"]).stat().st_size < 24_000
    assert not list(build.glob("*.map"))


def test_versions_are_exact_and_the_lock_names_no_registry() -> None:
    package = json.loads((ASSETS / "package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert not [path for path, entry in packages.items() if "resolved" in entry]
    assert not [
        path for path, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ]
