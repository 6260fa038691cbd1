"""A pack as its files say it: what `pack.toml` holds, and the bytes of everything beside it.

Reading judges the shape of `pack.toml`; whether the files fit together is `check.py`'s matter. A pack comes from
a folder (`read_pack`) or from a stored snapshot (`PackSource.from_files`), and is the same either way: what it
inherits from packs that it extends is among its files (`layers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from engine.calendars import WorkingCalendar
from engine.catalog.calendars import pack_calendars
from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.homes import home_beside
from engine.catalog.layers import Layer, ParentMissing, StackedPlaces, layers_of, merged, overlay, with_parent
from engine.catalog.manifest import Manifest, Queue, read_manifest
from engine.catalog.paths import FOLDER, MANIFEST, home_of
from engine.catalog.places import Places, Whereabouts
from engine.catalog.settings import Setting, with_changes

__all__ = ["MANIFEST", "PackSource", "Queue", "Setting", "read_pack"]

SERVICES = "services.py"
MOST_FILES = 2_000
MOST_BYTES = 50_000_000
_FOLDERS = {"bpmn": ".bpmn", "dmn": ".dmn", "forms": ".form", "templates": ".md"}
_IGNORED_PARTS = ("__pycache__", ".git", "node_modules")


@dataclass(frozen=True)
class PackSource(Manifest):
    """One pack: the facts of its manifest, its files by path, its calendars, and what was wrong with them.

    Paths are relative to the pack, with `/`; `files` holds those of the packs it is built on, too, under `extends/`.
    `layers` are the pack and these, the nearest first, and `overlay` says where the file that counts at a path
    really lies. `labels` of states, categories, priorities, tiers, roles and channels
    are what people read; the keys are what the trail keeps. Priorities stand in order, the most urgent first.
    """

    files: Mapping[str, bytes] = field(repr=False)
    problems: tuple[PackFinding, ...] = ()
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    places: Whereabouts = field(default_factory=lambda: Places(""), repr=False, compare=False)
    layers: tuple[Layer, ...] = field(default=(), repr=False, compare=False)
    overlay: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> PackSource:
        """Build a pack from its files by path, those that it inherits among them.

        Raises PackRefused where a `pack.toml` can't be read, a pack that it extends is missing, or these go round.
        """
        layers = layers_of(files)
        places = StackedPlaces(layers)
        manifest, problems = read_manifest(merged(layers), places)
        calendars, slips = pack_calendars(layers, manifest.time_zone)
        settings, wrong = with_changes(manifest.settings, layers[0].files)
        return cls(
            **{**_facts(manifest), "settings": settings},
            files=dict(sorted(files.items())),
            problems=(*problems, *slips, *wrong, *_strays(files, layers)),
            calendars=calendars,
            places=places,
            layers=layers,
            overlay=overlay(layers),
        )

    @property
    def lineage(self) -> tuple[str, ...]:
        """The ids of the packs that this one is built on, the nearest first."""
        return tuple(layer.id for layer in self.layers[1:])

    @property
    def services(self) -> tuple[str, ...]:
        """The paths of every `services.py`, the farthest first: of two handlers of a type the later one counts."""
        return self._each(SERVICES)

    @property
    def manifests(self) -> tuple[str, ...]:
        """The paths of every `pack.toml`, the farthest first."""
        return self._each(MANIFEST)

    def under(self, folder: str) -> Mapping[str, bytes]:
        """Return the files of `bpmn`, `dmn`, `forms` or `templates` that count, by where they really lie."""
        suffix = _FOLDERS[folder]
        return {
            lies: self.files[lies]
            for path, lies in sorted(self.overlay.items())
            if path.startswith(f"{folder}/") and path.endswith(suffix)
        }

    def _each(self, path: str) -> tuple[str, ...]:
        return tuple(f"{it.prefix}{path}" for it in reversed(self.layers) if path in it.files)


def read_pack(folder: Path) -> PackSource:
    """Read a pack from its folder, with the packs that it is built on from wherever they are (`homes.py`).

    Raises PackRefused where it is none, too large, or built on a pack that isn't there, or on itself.
    """
    files = _files_in(folder)
    while True:
        try:
            return PackSource.from_files(files)
        except ParentMissing as missing:
            found = home_beside(folder, missing.parent)
            if found is None:
                raise
            folder, files = found, with_parent(files, missing.parent, _files_in(found))


def _files_in(folder: Path) -> dict[str, bytes]:
    if not (folder / MANIFEST).is_file():
        message = f"Expected a pack with a {MANIFEST}, but {folder} has none."
        raise PackRefused([PackFinding(MANIFEST, "manifest", message, "Name the folder of a pack.")])
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _ignored(path, folder)]
    size = sum(path.stat().st_size for path in paths)
    if len(paths) > MOST_FILES or size > MOST_BYTES:
        message = f"Expected at most {MOST_FILES} files of 50 MB in all, but there are {len(paths)} of {size} bytes."
        raise PackRefused(
            [PackFinding(MANIFEST, "size", message, "Move what is no part of the pack elsewhere.")]
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _strays(files: Mapping[str, bytes], layers: tuple[Layer, ...]) -> Iterator[PackFinding]:
    """Yield a finding for each pack under `extends/` that nothing is built on; its files would count for nothing."""
    known = {layer.id for layer in layers[1:]}
    for parent in sorted({parent for path in files if (parent := home_of(path)[0])} - known):
        message = f"Expected only packs that this one is built on, but it doesn't extend “{parent}”."
        yield PackFinding(f"{FOLDER}/{parent}", "extends", message, "Remove the folder.")


def template_name(path: str) -> str:
    """Return the name by which a send task calls the template of a file: `templates/t_ack.md` is `t_ack`."""
    return PurePosixPath(path).stem


def _ignored(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return any(part in _IGNORED_PARTS or part.startswith(".") for part in parts)


def _facts(manifest: Manifest) -> dict[str, Any]:
    return dict(vars(manifest))
