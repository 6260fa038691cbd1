"""Packs built on packs: which files lie under which, and what the manifests of all of them say together.

A pack that extends another one is deployed with it. Its own files stand at their paths, those of the other under
`extends/<id>/`, and so do those of the pack that the other one extends: a snapshot needs nothing from outside, and
nothing that is deployed elsewhere changes it. A **layer** is one of these packs. The nearest layer wins: a file of
the pack hides the one at the same path in every pack below it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.paths import FOLDER, MANIFEST, home_of, inherited_path
from engine.catalog.places import Place, Places

PACK_ID = re.compile(r"[a-z][a-z0-9_]*")
# Ordered vocabularies: half of the parent's and half of the child's would have no order that anybody chose.
_REPLACED = ("states", "categories", "priorities", "tiers", "channels")
# What a pack says of itself alone.
_OWN = ("id", "extends", "base")


@dataclass(frozen=True)
class Layer:
    """One pack of those that lie over each other; `prefix` stands before its `files` in the snapshot."""

    id: str
    prefix: str
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    places: Places

    @property
    def extends(self) -> str | None:
        """The id of the pack that this one is built on; None too where what is said is no text."""
        parent = self.manifest.get("extends")
        return parent if isinstance(parent, str) else None


class ParentMissing(PackRefused):
    """A pack that extends another one, `parent`, whose files are not with it."""

    def __init__(self, child: Layer, parent: str) -> None:
        self.parent = parent
        message = (
            f"Expected the pack “{parent}”, on which “{child.id}” is built, but it is neither in the folder beside"
            " it, nor bundled, nor installed."
        )
        remedy = "Put its folder there, install its package, or correct the id."
        super().__init__([_finding(child, message, remedy)])


def layers_of(files: Mapping[str, bytes]) -> tuple[Layer, ...]:
    """Return the packs of a snapshot, the nearest first: the pack itself, the one it extends, and so on.

    Raises ParentMissing for one that isn't there, PackRefused for a circle and for a manifest that can't be read.
    """
    own = {path: content for path, content in files.items() if not path.startswith(f"{FOLDER}/")}
    layers = [_layer("", own)]
    while (parent := layers[-1].extends) is not None:
        _refuse_circle(layers, parent)
        prefix = inherited_path(parent, "")
        held = {path.removeprefix(prefix): files[path] for path in files if path.startswith(prefix)}
        if MANIFEST not in held:
            raise ParentMissing(layers[-1], parent)
        layers.append(_layer(prefix, held))
        _refuse_other(layers[-1], parent)
    return tuple(layers)


def overlay(layers: Sequence[Layer]) -> dict[str, str]:
    """Return where the file at each path of a pack really lies in its snapshot."""
    return {path: f"{layer.prefix}{path}" for layer in reversed(layers) for path in layer.files}


def with_parent(files: Mapping[str, bytes], pack: str, parent: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a pack with those of one that it is built on, and of those that this one is built on.

    Scenarios stay behind: they are about the pack in which they lie.
    """
    inherited = {
        (path if home_of(path)[0] else inherited_path(pack, path)): content
        for path, content in parent.items()
        if not path.startswith("scenarios/")
    }
    return {**files, **inherited}


def exchanged(files: Mapping[str, bytes], pack: str, parent: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a snapshot with one of the packs that it is built on exchanged, and all that lies below that one.

    Raises PackRefused where the snapshot's own layers don't fit together.
    """
    above = list(takewhile(lambda layer: layer.id != pack, layers_of(files)))
    kept = {f"{layer.prefix}{path}": content for layer in above for path, content in layer.files.items()}
    return with_parent(kept, pack, parent)


def merged(layers: Sequence[Layer]) -> dict[str, Any]:
    """Return what the manifests of all layers say together.

    Texts and ordered vocabularies are the nearest layer's; other tables have the entries of all, and where two
    layers describe the same entry, the nearest one's keys stand before the other's.
    """
    result: dict[str, Any] = {}
    for layer in reversed(layers):
        for key, value in layer.manifest.items():
            result[key] = value if key in _REPLACED else _laid_over(result.get(key), value)
    own = layers[0].manifest
    return {key: value for key, value in result.items() if key in own or key not in _OWN}


class StackedPlaces:
    """Where a key of merged manifests stands: in the nearest layer that says most of the way to it."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers

    def at(self, *path: str) -> Place:
        """Return the file and line of a key, or of the nearest thing around it."""
        nearest = max(self._layers, key=lambda layer: _steps(layer.manifest, path))
        return nearest.places.at(*path)


def _layer(prefix: str, files: Mapping[str, bytes]) -> Layer:
    text = _text(files, f"{prefix}{MANIFEST}")
    try:
        manifest = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"Expected TOML, but: {error}."
        raise PackRefused(
            [PackFinding(f"{prefix}{MANIFEST}", "toml", message, "Correct the file there.")]
        ) from error
    return Layer(str(manifest.get("id", "")), prefix, files, manifest, Places(text, f"{prefix}{MANIFEST}"))


def _text(files: Mapping[str, bytes], file: str) -> str:
    try:
        return files[MANIFEST].decode()
    except KeyError:
        message = f"Expected a {MANIFEST}, but the pack has none."
        raise PackRefused(
            [PackFinding(file, "manifest", message, "Write one; see docs/reference/pack.md.")]
        ) from None
    except UnicodeDecodeError as error:
        message = f"Expected UTF-8, but byte {error.start} is none."
        raise PackRefused([PackFinding(file, "toml", message, "Save the file in UTF-8.")]) from error


def _refuse_circle(layers: Sequence[Layer], parent: str) -> None:
    if not PACK_ID.fullmatch(parent):
        message = f"Expected the id of a pack, but “{layers[-1].id}” extends “{parent}”."
        raise PackRefused([_finding(layers[-1], message, 'Write extends = "base", or remove it.')])
    chain = [layer.id for layer in layers]
    if parent in chain:
        message = f"Expected packs that end somewhere, but they go round: {' → '.join([*chain, parent])}."
        raise PackRefused([_finding(layers[-1], message, "Let one of them extend nothing, or another one.")])


def _refuse_other(layer: Layer, wanted: str) -> None:
    if layer.id != wanted:
        message = f"Expected the pack “{wanted}” there, but its id is “{layer.id}”."
        file, line = layer.places.at("id")
        raise PackRefused([PackFinding(file, "extends", message, "Correct the one or the other.", line)])


def _finding(layer: Layer, message: str, remedy: str) -> PackFinding:
    file, line = layer.places.at("extends")
    return PackFinding(file, "extends", message, remedy, line)


def _laid_over(below: Any, above: Any) -> Any:
    """Lay a table over another one, and the tables in it; what is deeper, or no table, replaces."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    entries = {key: _joined(below.get(key), value) for key, value in above.items()}
    return {**below, **entries}


def _joined(below: Any, above: Any) -> Any:
    both = isinstance(below, Mapping) and isinstance(above, Mapping)
    return {**below, **above} if both else above


def _steps(manifest: Mapping[str, Any], path: Sequence[str]) -> int:
    """Return how far a manifest goes along the path of a key."""
    found: Any = manifest
    for number, part in enumerate(path):
        if not isinstance(found, Mapping) or part not in found:
            return number
        found = found[part]
    return len(path)
