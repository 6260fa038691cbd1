"""`python -m engine.cli`: choose the command and translate its errors into an exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import psycopg

from engine.cli import (
    auditing,
    benching,
    deploying,
    laying_out,
    messaging,
    modelling,
    owning,
    recording,
    rehearsing,
    repairing,
    running,
    ticketing,
    tuning,
)
from engine.cli.given import first_unreadable
from engine.cli.speaking import complain
from engine.errors import CasepathError, Unsupported

GROUPS = (
    running,
    owning,
    deploying,
    rehearsing,
    ticketing,
    tuning,
    messaging,
    repairing,
    recording,
    modelling,
    laying_out,
    auditing,
    benching,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = build_parser()
    given = sys.argv[1:] if arguments is None else list(arguments)
    if (unreadable := first_unreadable(given)) is not None:
        parser.error(f"Expected arguments of Unicode text, but {unreadable!r} is none.")
    args = parser.parse_args(given)
    try:
        status: int = args.run(args)
    except CasepathError as error:
        return complain(error)
    except psycopg.errors.UndefinedTable:
        return complain(
            Unsupported("Expected a database with Casepath's tables, but it has none: casepath migrate.")
        )
    except psycopg.OperationalError as error:
        return complain(Unsupported(f"Expected PostgreSQL to answer, but: {str(error).strip()}"))
    except BrokenPipeError:  # `casepath … | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename} to be read or written" if error.filename else "the system to take it"
        return complain(Unsupported(f"Expected {where}, but: {error.strerror or error}."))
    except KeyboardInterrupt:
        return 130
    return status


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="casepath", description="Support tickets along BPMN diagrams.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
