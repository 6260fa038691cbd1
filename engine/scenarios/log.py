"""A real log as rows: who did what to which case, and when; each row knows its line and what comes next.

A log's naive times are read in a zone. A time that comes twice there (the clocks go back) is taken as the first of
the two, and the report says which lines these are; a time that never was (the clocks go forward) makes a bad row,
because nothing could give it back as it stands. Bad rows are named by their line, the others go on.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import InvalidInput
from engine.runtime.commands import derived_id

_FORMATS = ("%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S")


@dataclass(frozen=True)
class Columns:
    """The names of the columns that a replay reads; where a name stands twice the first one counts."""

    case: str = "Case ID"
    activity: str = "Activity"
    resource: str = "Resource"
    at: str = "Complete Timestamp"


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (the header is line 1), its moment in UTC, and the case's next row."""

    line: int
    case: str
    activity: str
    resource: str
    at: datetime
    first: bool = False
    next: str | None = None
    next_line: int | None = None


@dataclass(frozen=True)
class BadRow:
    """A row that can't be read, and why."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Log:
    """A log in order of time over all cases; `hash` is the SHA-256 of the file, in hex."""

    hash: str
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    ambiguous: tuple[int, ...]

    def row_id(self, line: int, what: str = "row") -> UUID:
        """Return the id of the command that a line becomes, the same whenever this file is read."""
        return row_id(self.hash, line, what)

    def resource_id(self, resource: str) -> UUID:
        """Return the id of a resource, the same on each line of this file, and another in every other file."""
        return derived_id(UUID(hex=self.hash[:32]), f"resource {resource}")


def row_id(file_hash: str, line: int, what: str = "row") -> UUID:
    """Return the id of the command that a line of a file becomes (`open` for the opening before a first row)."""
    return derived_id(UUID(hex=file_hash[:32]), f"{what} {line}")


def read_log(path: Path, columns: Columns, zone: str) -> Log:
    """Read a CSV log. Raises InvalidInput for a file or zone that is none, OSError where it is not there."""
    content = path.read_bytes()
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline=None).read().split("\n")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"Expected a log in UTF-8, but byte {error.start} of {path} is none.") from error
    return _Reader(path, columns, _zone(zone)).read(lines, hashlib.sha256(content).hexdigest())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(f"Expected a time zone of the IANA database, but “{name}” is none.") from error


class _Reader:
    """Reads the rows of one file; collects what is bad or ambiguous."""

    def __init__(self, path: Path, columns: Columns, zone: ZoneInfo) -> None:
        self.path = path
        self.columns = columns
        self.zone = zone
        self.bad: list[BadRow] = []
        self.ambiguous: list[int] = []

    def read(self, lines: Sequence[str], file_hash: str) -> Log:
        """Read line by line: a row is one line, so that a quote that nobody closed spoils no more than its own."""
        places = self._places(_fields(lines[0]))
        read = (self._row(text, places, number) for number, text in enumerate(lines[1:], 2) if text)
        rows = [row for row in read if row is not None]
        rows.sort(key=lambda row: (row.at, row.line))
        return Log(file_hash, tuple(_with_next(rows)), tuple(self.bad), tuple(self.ambiguous))

    def _places(self, header: Sequence[str]) -> tuple[int, ...]:
        names = (self.columns.case, self.columns.activity, self.columns.resource, self.columns.at)
        missing = [name for name in names if name not in header]
        if missing:
            found = ", ".join(header) or "nothing"
            raise InvalidInput(
                f"Expected the columns {', '.join(missing)} in {self.path}, but it has {found}."
            )
        return tuple(header.index(name) for name in names)

    def _row(self, text: str, places: tuple[int, ...], line: int) -> Row | None:
        try:
            fields = _fields(text)
            if len(fields) <= max(places):
                raise ValueError(f"Expected at least {max(places) + 1} columns, but found {len(fields)}.")
            case, activity, resource, at = (fields[place] for place in places)
            if not case or not activity:
                raise ValueError("Expected a case and an activity, but one is empty.")
            return Row(line, case, activity, resource, self._moment(at, line))
        except csv.Error:
            self.bad.append(
                BadRow(line, "Expected a row that ends with its line, but a quote is never closed.")
            )
        except ValueError as error:
            self.bad.append(BadRow(line, str(error)))
        return None

    def _moment(self, text: str, line: int) -> datetime:
        moment = _parsed(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        here = moment.replace(tzinfo=self.zone)
        if here.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != moment:
            raise ValueError(f"Expected a time that {self.zone.key} has had, but its clocks skipped {text}.")
        if here.utcoffset() != here.replace(fold=1).utcoffset():
            self.ambiguous.append(line)
        return here.astimezone(UTC)


def _parsed(text: str) -> datetime:
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Expected a time such as 2012/10/09 14:50:17.000, but found {text!r}.") from None


def _with_next(rows: list[Row]) -> Iterator[Row]:
    """Give each row what comes next in its case."""
    coming: dict[str, list[Row]] = defaultdict(list)
    for row in reversed(rows):
        coming[row.case].append(row)
    seen: set[str] = set()
    for row in rows:
        rest = coming[row.case]
        rest.pop()
        after = rest[-1] if rest else None
        yield replace(
            row,
            first=row.case not in seen,
            next=after.activity if after else None,
            next_line=after.line if after else None,
        )
        seen.add(row.case)


def _fields(line: str) -> list[str]:
    return next(csv.reader([line], strict=True), [])
