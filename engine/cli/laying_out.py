"""`casepath layout`: gives BPMN files drawings, or says which have none."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine.cli.speaking import add_json, print_json
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
    layout.add_argument("--png", type=Path, help="also take a picture of the drawing, in Chromium")
    add_json(layout)
    layout.set_defaults(run=lay_out)


def lay_out(args: argparse.Namespace) -> int:
    """Draw files in place; exit status 1 if one can't be drawn, which is then left as it was."""
    from engine.drawing import Elk, laid_out, take_picture

    if len(args.files) > 1 and (args.output or args.png):
        raise Refused("Expected one FILE with -o or --png, but there are several.")
    if args.check:
        return _check(args)
    failed = 0
    with Elk() as elk:
        for file in args.files:
            try:
                drawn = laid_out(file.read_bytes(), elk)
            except CasepathError as error:
                print(f"casepath: {file}: {error}", file=sys.stderr)
                failed = 1
            else:
                _write(args.output or file, drawn)
                if args.png:
                    take_picture(drawn, args.png)
    return failed


def _check(args: argparse.Namespace) -> int:
    """Say what is wrong with drawings, and change nothing; exit status 1 if anything is."""
    from engine.drawing import faults, parse

    found: dict[str, list[str]] = {}
    for file in args.files:
        try:
            found[str(file)] = faults(parse(file.read_bytes()))
        except CasepathError as error:
            found[str(file)] = [str(error)]
    if args.json:
        print_json(found)
    else:
        for name, sentences in found.items():
            for sentence in sentences:
                print(f"{name}: {sentence}")
    return 1 if any(found.values()) else 0


def _write(target: Path, content: bytes) -> None:
    """Replace a file in one go, so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}", delete=False) as fresh:
        fresh.write(content)
    if target.exists():
        os.chmod(fresh.name, target.stat().st_mode & 0o777)
    else:
        os.chmod(fresh.name, 0o644)
    os.replace(fresh.name, target)
