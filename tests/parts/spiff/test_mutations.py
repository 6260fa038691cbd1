"""Damaged diagrams that are still accepted: whatever happens in them, a step is done or refused with a sentence."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from engine.errors import CasepathError
from engine.spiff import Program, check_diagram

from .bending import bent
from .damaging import damaged
from .drawing import draw, node, timer
from .everything import EVERYTHING
from .roaming import roam

ROOT = Path(__file__).parents[3]
INTERCHANGE = ROOT.parent / "shared" / "data" / "miwg"
OWN = [
    EVERYTHING,
    *(
        file.read_bytes()
        for folder in ("tests/diagrams/good", "docs/reference/bpmn/examples", "processes")
        for file in sorted((ROOT / folder).rglob("*.bpmn"))
    ),
]


def _cut(random: Random, source: bytes) -> bytes:
    return source[: random.randrange(len(source))]


def _flip(random: Random, source: bytes) -> bytes:
    at = random.randrange(len(source))
    return source[:at] + bytes([random.randrange(256)]) + source[at + 1 :]


def _repeat(random: Random, source: bytes) -> bytes:
    begin, end = sorted(random.randrange(len(source)) for _ in range(2))
    return source[:end] + source[begin:]


def _swap_words(random: Random, source: bytes) -> bytes:
    """Put one word of the file for another, everywhere: an id, a tag, an attribute, a namespace."""
    words = source.replace(b'"', b" ").replace(b"<", b" ").replace(b">", b" ").replace(b"=", b" ").split()
    return source.replace(random.choice(words), random.choice(words))


BYTES = (_cut, _flip, _repeat, _swap_words)


def mutated(source: bytes, seed: int) -> bytes:
    """Return a file with something broken in its bytes or its nodes, or with something that means another thing."""
    random = Random(seed)
    if random.random() < 0.15:
        return random.choice(BYTES)(random, source)
    return (damaged if random.random() < 0.2 else bent)(source, seed)


def run_what_passes(source: bytes, seed: int) -> bool:
    diagram, findings = check_diagram(source, "mutated.bpmn")
    if diagram is None:
        assert any(it.severity == "error" for it in findings)
        return False
    try:
        program = Program.link([diagram])
    except CasepathError:
        return False
    for process in program.processes:
        roam(program, process, seed, 12)
    return True


@pytest.mark.parametrize("seed", range(0, 500, 50))
def test_what_is_accepted_of_mutated_files_runs_without_a_surprise(seed: int) -> None:
    accepted = sum(
        run_what_passes(mutated(OWN[number % len(OWN)], number), number) for number in range(seed, seed + 50)
    )
    assert accepted


def test_mutated_files_of_other_tools_are_judged_and_run_without_a_surprise() -> None:
    files = sorted(INTERCHANGE.rglob("*.bpmn"))
    if not files:
        pytest.skip("The BPMN interchange files are not beside this repository; our own diagrams stand in.")
    for number, file in enumerate(files):
        executable = file.read_bytes().replace(b'isExecutable="false"', b'isExecutable="true"')
        for seed in range(number * 3, number * 3 + 3):
            run_what_passes(mutated(executable, seed), seed)


def test_a_timer_that_takes_for_ever_to_tell_is_refused() -> None:
    catch = node("catch", "t", timer("duration", "=count(for i in 1..9999, j in 1..9999 return i)"))
    diagram, findings = check_diagram(draw(f"start s; {catch}; end e", "s>t>e"), "slow.bpmn")
    assert diagram is None
    assert "to have a value, but it has none" in next(it.message for it in findings if it.rule == "timer")


@pytest.mark.parametrize("number", range(len(OWN)))
def test_what_is_whole_runs_through_anything_that_may_happen(number: int) -> None:
    diagram, _ = check_diagram(OWN[number], "whole.bpmn")
    assert diagram is not None
    try:
        program = Program.link([diagram])
    except CasepathError:
        return  # it calls a process of another file
    for seed in range(20):
        for process in program.processes:
            roam(program, process, seed, 30)
