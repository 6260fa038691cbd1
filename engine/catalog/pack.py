"""A pack as its files say it: what `pack.toml` holds, and the bytes of everything beside it.

Reading judges the shape of `pack.toml`; whether the files fit together is `check.py`'s matter. A pack comes from
a folder (`read_pack`) or from a stored snapshot (`PackSource.from_files`), and is the same either way.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from engine.calendars import WorkingCalendar
from engine.catalog.calendars import pack_calendars
from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.manifest import Manifest, Queue, Setting, read_manifest
from engine.catalog.places import Places

__all__ = ["MANIFEST", "PackSource", "Queue", "Setting", "read_pack"]

MANIFEST = "pack.toml"
MOST_FILES = 2_000
MOST_BYTES = 50_000_000
_FOLDERS = {"bpmn": ".bpmn", "dmn": ".dmn", "forms": ".form", "templates": ".md"}
_IGNORED_PARTS = ("__pycache__", ".git", "node_modules")


@dataclass(frozen=True)
class PackSource(Manifest):
    """One pack: the facts of its manifest, its files by path, its calendars, and what was wrong with them.

    Paths are relative to the pack, with `/`. `labels` of states, categories, priorities, tiers, roles and channels
    are what people read; the keys are what the trail keeps. Priorities stand in order, the most urgent first.
    """

    files: Mapping[str, bytes] = field(repr=False)
    problems: tuple[PackFinding, ...] = ()
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(""), repr=False, compare=False)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> PackSource:
        """Build a pack from its files by path. Raises PackRefused where there is no readable `pack.toml`."""
        text = _manifest_text(files)
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            finding = PackFinding(
                MANIFEST, "toml", f"Expected TOML, but: {error}.", "Correct the file there."
            )
            raise PackRefused([finding]) from error
        places = Places(text)
        manifest, problems = read_manifest(raw, places)
        calendars, slips = pack_calendars(files, manifest.time_zone)
        return cls(
            **_facts(manifest),
            files=dict(sorted(files.items())),
            problems=(*problems, *slips),
            calendars=calendars,
            places=places,
        )

    def under(self, folder: str) -> Mapping[str, bytes]:
        """Return the files of `bpmn`, `dmn`, `forms` or `templates` that count, by path."""
        suffix = _FOLDERS[folder]
        return {
            path: content
            for path, content in self.files.items()
            if path.startswith(f"{folder}/") and path.endswith(suffix)
        }


def read_pack(folder: Path) -> PackSource:
    """Read a pack from its folder. Raises PackRefused where it is none, or too large."""
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
    return PackSource.from_files({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def template_name(path: str) -> str:
    """Return the name by which a send task calls the template of a file: `templates/t_ack.md` is `t_ack`."""
    return PurePosixPath(path).stem


def _ignored(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return any(part in _IGNORED_PARTS or part.startswith(".") for part in parts)


def _manifest_text(files: Mapping[str, bytes]) -> str:
    try:
        return files[MANIFEST].decode()
    except KeyError:
        message = f"Expected a {MANIFEST}, but the pack has none."
        raise PackRefused(
            [PackFinding(MANIFEST, "manifest", message, "Write one; see docs/reference/pack.md.")]
        ) from None
    except UnicodeDecodeError as error:
        message = f"Expected UTF-8, but byte {error.start} is none."
        raise PackRefused([PackFinding(MANIFEST, "toml", message, "Save the file in UTF-8.")]) from error


def _facts(manifest: Manifest) -> dict[str, Any]:
    return dict(vars(manifest))
