"""One child process in a session of its own that never outlives its parent.

On Linux the kernel sends the child a signal when the thread that started it ends, however that happens. Other
systems have no such thing: there the next start stops what a killed keeper left behind, and a Python child
watches a pipe (`child.py`).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Any

LOG_LIMIT_BYTES = 10_000_000
PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """A running child and the signal that asks it to end in good order."""

    popen: subprocess.Popen[bytes]
    stop_signal: signal.Signals

    @classmethod
    def start(cls, command: list[str], log: Path, stop_signal: signal.Signals, **popen: Any) -> Process:
        """Start a child; what it says is appended to the log, the rest is `subprocess`'s arguments."""
        arguments: dict[str, Any] = {"stdin": subprocess.DEVNULL} | popen
        with open_log(log) as output:
            child: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent(stop_signal),
                **arguments,
            )
        return cls(child, stop_signal)

    @property
    def ended(self) -> bool:
        """Whether the child is gone."""
        return self.popen.poll() is not None

    def ask_to_stop(self) -> None:
        """Send the signal that asks the child to end in good order."""
        if not self.ended:
            self.popen.send_signal(self.stop_signal)

    def wait(self, patience_seconds: float = 30) -> None:
        """Wait for the end of a child that was asked to; one that doesn't end in time is killed."""
        try:
            self.popen.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


def end_with_parent(ask: int) -> Callable[[], None] | None:
    """Return what a new child does so that it gets a signal when we end; None where the system can't.

    The wish is cleared when a process changes its user; `subprocess` runs this after that.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def wish() -> None:
        prctl(PR_SET_PDEATHSIG, ask)
        if os.getppid() != parent:  # we ended between the fork and the wish
            os._exit(1)

    return wish


def open_log(path: Path) -> BufferedWriter:
    """Open a log for appending; one that has grown large becomes `….old` first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")
