"""`casepath bench`: the figures of docs/performance.md, measured here and now."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from engine.cli.given import count
from engine.cli.speaking import add_json, print_json
from engine.cli.standing import add_data_dir, stood


def add_commands(commands: Any) -> None:
    """Add `bench step|loop|start|oracle`."""
    bench = commands.add_parser("bench", help="measure").add_subparsers(required=True, metavar="WHAT")
    step = bench.add_parser("step", help="one step against what PostgreSQL alone needs for its rows")
    step.add_argument("--clients", type=count, default=1)
    step.add_argument("--steps", type=count, default=500)
    step.add_argument("--goals", action="store_true", help="with three goals on each ticket")
    step.add_argument("--timers", type=count, default=0, help="beside so many armed timers (0)")
    step.set_defaults(run=bench_step)
    loop = bench.add_parser("loop", help="the last rounds of a long loop against the first")
    loop.add_argument("--rounds", type=count, default=2000)
    loop.set_defaults(run=bench_loop)
    start = bench.add_parser("start", help="seconds from `casepath up` to the first page")
    start.set_defaults(run=bench_start)
    oracle = bench.add_parser("oracle", help="random runs of the engine against the oracle; 1 if one differs")
    oracle.add_argument("--examples", type=count, default=20_000, help="how many (20000)")
    oracle.add_argument("--seed", type=int, help="begin with the round of this seed")
    oracle.set_defaults(run=bench_oracle)
    for parser in (step, loop, start, oracle):
        add_json(parser)
        add_data_dir(parser)


def bench_step(args: argparse.Namespace) -> int:
    """Measure one step against the floor."""
    from engine.bench.step import measure_step

    with stood(args) as settings:
        return _show(
            args, measure_step(settings, args.clients, args.steps, goals=args.goals, timers=args.timers)
        )


def bench_loop(args: argparse.Namespace) -> int:
    """Measure the last rounds of a loop against the first."""
    from engine.bench.loop import measure_loop

    with stood(args) as settings:
        return _show(args, measure_loop(settings, args.rounds))


def bench_start(args: argparse.Namespace) -> int:
    """Measure how long starting takes, in an empty folder and again."""
    from engine.bench.start import measure_start

    return _show(args, measure_start())


def bench_oracle(args: argparse.Namespace) -> int:
    """Play random models until the engine does something else than the oracle."""
    from engine.bench.oracle import compare_with_oracle

    figure = compare_with_oracle(args.examples, args.seed, lambda text: print(text, file=sys.stderr))
    _show(args, figure)
    return 0 if figure.failed_seed is None else 1


def _show(args: argparse.Namespace, figure: Any) -> int:
    if args.json:
        print_json(figure)
    else:
        for name in figure.__dataclass_fields__:
            print(f"{name:12} {getattr(figure, name)}")
    return 0
