"""`casepath layout`: gives BPMN files drawings, or says which have none."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine.cli.speaking import add_json
from engine.errors import CasepathError, Refused


def add_commands(commands: Any) -> None:
    """Add `layout`."""
    layout = commands.add_parser("layout", help="give BPMN files a drawing that people can read")
    layout.add_argument("files", nargs="+", type=Path, metavar="FILE")
    layout.add_argument(
        "-o", "--output", type=Path, help="write the drawn file here, not over the file itself"
    )
    layout.add_argument(
        "--check", action="store_true", help="only say which files have no drawing or a broken one"
    )
    layout.add_argument("--png", type=Path, help="also take a picture of it, in Chromium")
    add_json(layout)
    layout.set_defaults(run=lay_out)


def lay_out(args: argparse.Namespace) -> int:
    """Draw files in place; exit status 1 if one can't be drawn, which is then left as it was."""
    from engine.drawing import Elk, laid_out

    if len(args.files) > 1 and (args.output or args.png):
        raise Refused("Expected one FILE with -o or --png, but there are several.")
    failed = 0
    with Elk() as elk:
        for file in args.files:
            try:
                _write(args.output or file, laid_out(file.read_bytes(), elk))
            except CasepathError as error:
                print(f"casepath: {file}: {error}", file=sys.stderr)
                failed = 1
    return failed


def _write(target: Path, content: bytes) -> None:
    """Replace a file in one go, so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}", delete=False) as fresh:
        fresh.write(content)
    if target.exists():
        os.chmod(fresh.name, target.stat().st_mode & 0o777)
    else:
        os.chmod(fresh.name, 0o644)
    os.replace(fresh.name, target)
