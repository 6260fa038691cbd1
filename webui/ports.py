"""What the pages need of an installation: the shapes behind `create_app`.

The pages never see the database. They hand commands to `engine`, ask questions of `reads`, and change people and
deployments through their own small units.
"""

from __future__ import annotations

from typing import Any, Protocol

from engine.clock import Clock
from engine.runtime.commands import Command
from engine.settings import Settings


class Engine(Protocol):
    """The one door for commands."""

    def handle(self, command: Command) -> Any:
        """Apply a command and return its outcome; raises errors of `engine.errors`."""
        ...


class Casepath(Protocol):
    """One installation, put together by `engine.bootstrap`."""

    engine: Engine
    clock: Clock
    settings: Settings
    reads: Any
    people: Any
    deployments: Any
    worlds: Any
