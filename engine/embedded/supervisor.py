"""Keeps a command's own children running until it is asked to stop: web, scheduler, workers.

Each runs in a session of its own, is started again when it dies, and ends with us. On SIGINT or SIGTERM they are
stopped group by group in the order given; those of one group at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.embedded.process import Process
from engine.embedded.revival import Revived, next_revival, stop_all
from engine.embedded.servers import EmbeddedServers
from engine.embedded.signals import SignalBox, signal_box, wait_for

READY_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Child:
    """A part to run: its name (its log is called so) and its Python module with arguments."""

    name: str
    command: tuple[str, ...]


class Supervisor:
    """Runs groups of children; `say` is told in one sentence what a person should know."""

    def __init__(
        self,
        groups: Sequence[Sequence[Child]],
        environment: Mapping[str, str],
        log: Path,
        say: Callable[[str], None],
    ) -> None:
        self._groups = groups
        self._environment = dict(environment)
        self._log = log
        self._say = say

    def run(
        self, servers: EmbeddedServers | None = None, announce: Callable[[], bool] = lambda: True
    ) -> None:
        """Run the children until we are asked to stop; bring lost servers back on the way.

        `announce` is called until it returns True; it tells a person, once the children are ready.
        """
        watched, held = os.pipe()  # the children wait for the end of this pipe; it ends with us
        with signal_box() as signals, open(watched, "rb") as pipe, open(held, "wb"):
            started: list[list[Revived]] = []
            try:
                for group in reversed(self._groups):  # what stops first starts last
                    started.insert(0, [self._revived(child, pipe.fileno()) for child in group])
                self._watch([child for group in started for child in group], signals, servers, announce)
            finally:
                for children in started:
                    stop_all(children)

    def _revived(self, child: Child, pipe: int) -> Revived:
        return Revived(child.name, lambda: self._start(child, pipe))

    def _start(self, child: Child, pipe: int) -> Process:
        return Process.start(
            [sys.executable, "-m", "engine.embedded.child", *child.command],
            self._log / f"{child.name}.log",
            signal.SIGTERM,
            stdin=pipe,
            env=self._environment,
        )

    def _watch(
        self,
        children: list[Revived],
        signals: SignalBox,
        servers: EmbeddedServers | None,
        announce: Callable[[], bool],
    ) -> None:
        announced = False
        while True:
            pause = next_revival(children) if announced else READY_LOOK_SECONDS
            ready = wait_for([signals, servers] if servers else [signals], pause)
            if signals in ready and signals.asks_to_stop():
                return
            if servers and servers in ready:
                self._say("The database server's keeper died and is started again.")
                servers.start()
            for child in children:
                self._look_after(child)
            announced = announced or announce()

    def _look_after(self, child: Revived) -> None:
        if child.look():
            status = child.process.popen.returncode
            self._say(f"{child.name} ended ({status}) and is started again; see {self._log}.")
