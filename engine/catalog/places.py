"""Where each key of a TOML file stands: `tomllib` gives values without lines, a finding wants both."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")

Path = tuple[str, ...]


class Place(NamedTuple):
    """Where something stands: the file's path in the pack, and the line, counted from 1, where it is known."""

    file: str
    line: int | None


class Whereabouts(Protocol):
    """What knows where the keys of a manifest stand, in one file or in several."""

    def at(self, *path: str) -> Place:
        """Return the file and line of a key, or of the nearest thing around it."""


class Places:
    """The lines of tables and keys; made for people's files, so a key inside an inline table has its table's line."""

    def __init__(self, text: str, file: str = "pack.toml") -> None:
        self._file = file
        self._lines: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            if match := _TABLE.match(line):
                table = _parts(match[1])
                self._note(table, number)
            elif match := _KEY.match(line):
                self._note(table + _parts(match[1]), number)

    def at(self, *path: str) -> Place:
        """Return the file and line of a key, or of the nearest thing around it."""
        return Place(self._file, self.line(*path))

    def line(self, *path: str) -> int | None:
        """Return the line of a key, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def _note(self, path: Path, number: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], number)


def _parts(text: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(text))
