"""Where packs are found: in a folder, bundled with Casepath, or installed as a Python package.

A package names the pack in it by an entry point of the group `casepath.packs`; the value is the importable package
whose folder holds `pack.toml`. Nothing is imported to find it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import engine
from engine.catalog.paths import MANIFEST
from engine.errors import NotFound

BUNDLED = Path(engine.__path__[0]).parent / "processes"
GROUP = "casepath.packs"
_BUNDLED = "bundled"


@dataclass(frozen=True)
class Home:
    """A pack that can be named by its id: the folder, and where that comes from, as people read it."""

    id: str
    folder: Path
    origin: str
    manifest: Mapping[str, Any]

    @property
    def is_installed(self) -> bool:
        """Whether it came as a Python package."""
        return self.origin != _BUNDLED


def known_packs() -> list[Home]:
    """Return the bundled packs, then the installed ones, each by id; of two with one id the first counts."""
    homes: dict[str, Home] = {}
    for home in (*_bundled(), *_installed()):
        homes.setdefault(home.id, home)
    return list(homes.values())


def find_pack(named: str) -> Path:
    """Return the folder of a pack that a person named: the folder itself, or the id of a known pack.

    Raises NotFound where it is neither.
    """
    if Path(named).is_dir():
        return Path(named)
    known = {home.id: home.folder for home in known_packs()}
    if named not in known:
        ids = ", ".join(known) or "none"
        raise NotFound(f"Expected the folder of a pack, or the id of a known one ({ids}), but got {named!r}.")
    return known[named]


def home_beside(folder: Path, pack: str) -> Path | None:
    """Return the folder of the pack on which the one in `folder` is built, or None.

    What lies beside it comes first, so that two packs that are written together find each other; then what is
    bundled, then what is installed.
    """
    beside = folder.resolve().parent / pack
    if (beside / MANIFEST).is_file():
        return beside
    return next((home.folder for home in known_packs() if home.id == pack), None)


def _bundled() -> Iterator[Home]:
    for path in sorted(BUNDLED.glob(f"*/{MANIFEST}")):
        yield _home(path.parent, _BUNDLED)


def _installed() -> Iterator[Home]:
    for entry in sorted(entry_points(group=GROUP), key=lambda it: it.value):
        folder = _folder_of(entry)
        # An entry that leads to no pack is known by its name, so that whoever uses it is told, and nobody else.
        yield (
            _home(folder, _package_of(entry))
            if folder
            else Home(entry.name, Path(entry.value), _package_of(entry), {})
        )


def _folder_of(entry: EntryPoint) -> Path | None:
    try:
        spec = find_spec(entry.value)
    except (ImportError, ValueError):  # a package that isn't there, or the name of something in one
        return None
    folders = spec.submodule_search_locations if spec else None
    return next((Path(it) for it in folders or () if (Path(it) / MANIFEST).is_file()), None)


def _package_of(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _home(folder: Path, origin: str) -> Home:
    """Return a home with what the pack's manifest says: nothing where it can't be read, which its check tells."""
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text("utf-8"))
    except ValueError:  # no TOML, or no UTF-8
        manifest = {}
    return Home(str(manifest.get("id", folder.name)), folder, origin, manifest)
