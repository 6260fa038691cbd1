"""How long `casepath up` takes until the first page answers, on a machine with its packages installed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from engine.errors import Unsupported


@dataclass(frozen=True)
class StartFigure:
    """Seconds until the log-in page answered: the first time, and again on the same data folder."""

    first_s: float
    again_s: float


def measure_start() -> StartFigure:
    """Start an installation in an empty folder twice and stop it each time."""
    with tempfile.TemporaryDirectory(prefix="casepath-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        return StartFigure(_once(folder), _once(folder))


def _once(folder: str) -> float:
    began = perf_counter()
    command = [sys.executable, "-m", "engine.cli", "up", "--port", "0", "--data-dir", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        try:
            address = _address(process)
            with urllib.request.urlopen(address, timeout=30) as page:
                page.read()
            return round(perf_counter() - began, 2)
        finally:
            process.send_signal(signal.SIGTERM)


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        found = re.search(r"Casepath is at (\S+)", line)
        if found:
            return found[1]
    raise Unsupported("Expected `casepath up` to print its address, but it ended.")
