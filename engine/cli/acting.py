"""What commands share that act on tickets: each names its person with `--as`, kept in the trail."""

from __future__ import annotations

import argparse
from typing import Any
from uuid import UUID, uuid4

from engine.bootstrap import Casepath
from engine.cli.speaking import add_json
from engine.cli.standing import add_data_dir
from engine.errors import Forbidden, NotFound
from engine.people import actor_of
from engine.runtime.commands import Actor


def add_command(parent: Any, name: str, run: Any, what: str) -> Any:
    """Add a command with the flags that all of them have, and return its parser."""
    parser = parent.add_parser(name, help=what)
    parser.add_argument("--as", dest="login", help="who does it: a person's login (the operator)")
    parser.add_argument("--desk", help="the desk's key, where there are several")
    parser.add_argument("--id", type=UUID, help="the command's own id; the same id is done once")
    add_json(parser)
    add_data_dir(parser)
    parser.set_defaults(run=run)
    return parser


def whose(args: argparse.Namespace, casepath: Casepath) -> dict[str, Any]:
    """Return what every command carries: its id, its desk, and who does it."""
    desk = casepath.desk(args.desk)
    return {
        "id": args.id or uuid4(),
        "desk_id": desk.id,
        "actor": person_named(args.login, desk.id, casepath),
    }


def person_named(login: str | None, desk_id: int, casepath: Casepath) -> Actor:
    """Return the person with a login, or the operator where none is named. Raises NotFound, Forbidden."""
    if login is None:
        return casepath.operator
    person = casepath.store.people.by_login(desk_id, login)
    if person is None:
        raise NotFound(f"Expected a person with the login {login!r}, but the desk has none.")
    if not person.active:
        raise Forbidden(f"Expected somebody who works at the desk, but {person.name} no longer does.")
    return actor_of(person)
