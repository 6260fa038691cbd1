"""How commands speak: facts as text or JSON, findings with file and line, complaints as one sentence."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from engine.errors import CasepathError, InvalidInput


def add_json(parser: argparse.ArgumentParser) -> None:
    """Offer `--json` on a command that prints facts."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def complain(error: CasepathError) -> int:
    """Print an error as sentences on standard error; return exit status 1."""
    print(f"casepath: {error}", file=sys.stderr)
    if isinstance(error, InvalidInput):
        for name, sentence in error.fields.items():
            print(f"  {name}: {sentence}", file=sys.stderr)
    return 1


def print_json(value: Any) -> None:
    """Print facts as indented JSON on standard output."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dataclasses as objects, moments and ids as text, decimals exact."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | timedelta | bytes):
        return value.hex() if isinstance(value, bytes) else str(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def print_table(head: Iterable[str], rows: Iterable[Iterable[Any]], indent: int = 0) -> None:
    """Print rows under a head, columns as wide as they need; moments are in UTC, to the second."""
    table = [[str(cell) for cell in head], *[[_cell(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print(
            " " * indent
            + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)
