"""A supervisor and its children, as a command of their own."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import psutil
import pytest

from engine.embedded.process import Process
from engine.embedded.revival import Revived, next_revival
from engine.embedded.signals import wait_for

from .programs import ROOT, Program, running_program, servers_of, wait_for_end

# Supervises small children; each says in the file `story` when it begins and when it ends.
SUPERVISOR = """
import os, sys
from pathlib import Path
from engine.embedded import EmbeddedServers
from engine.embedded.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
names = [["web"], ["scheduler"], ["worker-1", "worker-2"]]
groups = [[Child(name, ("part", name)) for name in group] for group in names]
servers = EmbeddedServers(folder, durable=False)
with servers:
    environment = os.environ | {"PYTHONPATH": f"{sys.argv[2]}:{os.environ['PYTHONPATH']}", "STORY": sys.argv[3]}
    Supervisor(groups, environment, folder / "log", lambda line: print(line, flush=True)).run(servers)
    print("stopped", flush=True)
"""

PART = """
import os, signal, threading
def tell(text):
    with open(os.environ["STORY"], "w") as story:
        story.write(text + "\\n")
ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
tell(f"begin {os.getpid()}")
ended.wait()
tell(f"end {os.getpid()}")
"""


class Family:
    """A running supervisor, its data folder, and the pipe on which its children tell their story."""

    def __init__(self, program: Program, data_dir: Path, story: BinaryIO) -> None:
        self.program = program
        self.data_dir = data_dir
        self._story = story

    def hear(self, word: str, times: int) -> list[int]:
        """Wait until so many children have told a word; return their process ids in that order."""
        told: list[int] = []
        while len(told) < times:
            assert select.select([self._story], [], [], 60)[0], f"nobody tells {word!r} any more"
            said, pid = self._story.readline().split()
            told += [int(pid)] if said.decode() == word else []
        return told


@pytest.fixture
def family(private_data_dir: Path, tmp_path: Path) -> Iterator[Family]:
    (tmp_path / "part.py").write_text(PART)
    story = tmp_path / "story"
    os.mkfifo(story)
    command = (sys.executable, "-c", SUPERVISOR, str(private_data_dir), str(tmp_path), str(story))
    # Opened for both directions: nobody who tells has to wait for us, and what is told stays until it is read.
    with (
        os.fdopen(os.open(story, os.O_RDWR), "rb", buffering=0) as pipe,
        running_program(*command) as program,
    ):
        yield Family(program, private_data_dir, pipe)
        program.end(signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_children_stop_web_first_and_workers_last_and_nothing_is_left(family: Family, number: int) -> None:
    family.hear("begin", 4)
    everything = [*psutil.Process(family.program.popen.pid).children(recursive=True)]
    names = {child.pid: child.cmdline()[-1] for child in everything}
    everything += servers_of(family.data_dir).values()
    assert family.program.end(number) == 0
    assert [names[pid] for pid in family.hear("end", 4)][:2] == ["web", "scheduler"]
    wait_for_end(everything)


def test_a_killed_child_comes_back_and_a_person_is_told(family: Family) -> None:
    victim = family.hear("begin", 4)[-1]
    os.kill(victim, signal.SIGKILL)
    (replacement,) = family.hear("begin", 1)
    assert psutil.Process(replacement).ppid() == family.program.popen.pid
    assert "ended (-9) and is started again" in family.program.line()


def test_children_and_servers_end_with_their_killed_supervisor(family: Family) -> None:
    family.hear("begin", 4)
    everything = psutil.Process(family.program.popen.pid).children(recursive=True)
    everything += servers_of(family.data_dir).values()
    family.program.end(signal.SIGKILL)
    wait_for_end(everything)


def test_children_keep_running_while_a_killed_keeper_is_replaced(family: Family) -> None:
    children = family.hear("begin", 4)
    servers = servers_of(family.data_dir)
    servers["keeper"].kill()
    assert "keeper died" in family.program.line()
    wait_for_end(servers.values())
    assert family.program.end(signal.SIGTERM) == 0
    assert sorted(family.hear("end", 4)) == sorted(children)


def test_a_child_that_keeps_dying_is_started_again_after_growing_pauses(tmp_path: Path) -> None:
    child = Revived("short", lambda: Process.start(["/bin/false"], tmp_path / "log", signal.SIGTERM))
    pauses = []
    while len(pauses) < 3:
        child.process.wait()
        assert child.look()
        pauses.append(next_revival([child]))
        while child.again_at is not None:
            wait_for([], next_revival([child]))
            child.look()
    child.process.wait()
    assert pauses == pytest.approx([0.1, 0.2, 0.4], abs=0.05)


def test_a_child_ends_when_the_pipe_from_its_parent_ends(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text(
        PART.replace('open(os.environ["STORY"], "w")', "open(1, 'w', closefd=False)")
    )
    command = (sys.executable, "-m", "engine.embedded.child", "part")
    with running_program(*command, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"}) as child:
        assert child.line().startswith("begin")
        child.popen.stdin.close()
        assert child.line().startswith("end")
        assert child.popen.wait(30) == 0
