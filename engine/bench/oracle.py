"""Many more random runs of the engine against the oracle than a test takes (see docs/decisions/0015-the-oracle.md).

They go in rounds, each with a seed of its own that follows the one before, so that a failure is repeated by running
one round again. A round is a run of the oracle's own test, which draws, compares and shrinks.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine.errors import Unsupported

ROUND = 2000
ROOT = Path(__file__).parents[2]
TEST = "tests/oracle/test_engine_agrees_with_oracle.py"
NEEDED = ("pytest", "xdist", "hypothesis")


@dataclass(frozen=True)
class OracleFigure:
    """How many models were drawn and played, from which seed on; the seed of the round that failed, if one did."""

    runs: int
    seed: int
    failed_seed: int | None


def compare_with_oracle(
    examples: int = 20_000, seed: int | None = None, say: Callable[[str], None] = print
) -> OracleFigure:
    """Play about so many random models, until one shows a difference; what the failing round printed is said.

    Raises Unsupported where the tests, or what they need, are not installed.
    """
    _check()
    first = secrets.randbelow(10**6) if seed is None else seed
    runs = 0
    for number in range(first, first + -(-examples // ROUND)):
        size = min(ROUND, examples - runs)
        played = _play(size, number)
        runs += size
        if played.returncode != 0:
            say(played.stdout)
            say(f"Repeat it with: casepath bench oracle --seed {number} --examples {size}")
            return OracleFigure(runs, first, number)
    return OracleFigure(runs, first, None)


def _play(examples: int, seed: int) -> subprocess.CompletedProcess[str]:
    workers = str(os.cpu_count() or 1)
    options = ["-q", "-n", workers, "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", TEST, *options],
        cwd=ROOT,
        env={**os.environ, "CASEPATH_ORACLE_EXAMPLES": str(examples)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _check() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise Unsupported(
            f"Expected what the tests need to be installed, but {missing[0]} is not; `casepath test` brings it."
        )
    if not (ROOT / TEST).exists():
        raise Unsupported(f"Expected the oracle in {ROOT / TEST}, but it isn't there: run it in a checkout.")
