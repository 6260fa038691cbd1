"""Where the files of a pack lie: its own at their paths, those of a pack that it extends under `extends/<id>/`."""

from __future__ import annotations

MANIFEST = "pack.toml"
FOLDER = "extends"


def inherited_path(pack: str, path: str) -> str:
    """Return where the file of a pack lies in the snapshots of those that are built on it."""
    return f"{FOLDER}/{pack}/{path}"


def shown_path(path: str) -> str:
    """Return how people read the path of a snapshot's file: `extends/base/bpmn/x.bpmn` is `base: bpmn/x.bpmn`."""
    parent, inner = home_of(path)
    return f"{parent}: {inner}" if parent else path


def home_of(path: str) -> tuple[str | None, str]:
    """Return the inherited pack in which a snapshot's file lies (None: the pack's own), and its path there."""
    folder, _, rest = path.partition("/")
    parent, _, inner = rest.partition("/")
    return (parent, inner) if folder == FOLDER and inner else (None, path)
