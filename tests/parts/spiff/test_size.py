"""Size: what a step costs follows what is open, not how long the diagram is or what has been.

Times are compared with times of the same run, by medians and with room: the machine may be busy.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest

from .drawing import draw, each, extension, level, node, script
from .playing import Play, begin, linked
from .test_spike import TICKET_LOOP

ROUNDS = 20_000


def test_a_chain_of_two_thousand_nodes_is_read_and_runs() -> None:
    """The library's parser and its search of tasks call themselves once a node, and stop at about 330."""
    names = [f"n{number}" for number in range(2000)]
    source = draw(
        f"start s; {'; '.join(f'xor {name}' for name in names)}; user u; end e", f"s>{'>'.join(names)}>u>e"
    )
    play = begin(source)
    assert play.waiting == ["u"]
    play.complete("u")
    assert play.path() == ["s", *names, "u", "e"]


def test_two_thousand_sub_processes_of_one_task_run() -> None:
    boxes = [
        node("sub", f"b{i}", level(f"start s{i}; end e{i}", f"s{i}>e{i}", prefix=f"g{i}_"))
        for i in range(2000)
    ]
    source = draw(f"start s; {'; '.join(boxes)}; end e", f"s>{'>'.join(f'b{i}' for i in range(2000))}>e")
    assert begin(source).run.ended == "completed"


def test_twenty_thousand_rounds_with_a_wait_in_each_cost_what_the_first_did() -> None:
    """In the library the process says after 333 rounds that it is over."""
    play = begin(TICKET_LOOP, rework=True)
    play.complete("work")
    sizes, times = {play.size}, []
    for number in range(ROUNDS):
        before = perf_counter()
        play.complete("work")
        times.append(perf_counter() - before)
        play.happenings.clear()
        if number % 1000 == 0:
            sizes.add(play.size)
    assert len(sizes) == 1
    assert median(times[-2000:]) < 3 * median(times[:2000])
    assert play.waiting == ["work", "late", "reply"]


def test_twenty_thousand_automatic_rounds_cost_what_the_first_did() -> None:
    source = draw(
        f"start s; xor m; {script('add', '={n: n + 1}')}; xor x; user w; xor y; end e",
        "s>m m>add>x x>m [modulo(n, 2000) != 0] x>w * w>y y>e [over] y>m *",
    )
    play = begin(source, n=0, over=False)
    sizes, times = [play.size], []
    for _ in range(9):
        before = perf_counter()
        play.complete("w")
        times.append(perf_counter() - before)
        play.happenings.clear()
        sizes.append(play.size)
    assert play.variables["n"] == ROUNDS
    assert max(sizes) - min(sizes) <= 1  # a digit
    assert median(times[-3:]) < 3 * median(times[:3])


def items(kind: str, count: int, *, sequential: bool) -> Play:
    loop = each("=items", "item", "out", "=r", sequential=sequential)
    work = (
        extension('<zeebe:script expression="={r: item * 2, total: total + item}" />')
        if kind == "script"
        else ""
    )
    source = draw(f"start s; {node(kind, 'a', work + loop)}; end e", "s>a>e")
    return Play(linked(source), "p", None, False, lambda *_: None, {"items": list(range(count)), "total": 0})


def took(do: Callable[[], object]) -> float:
    before = perf_counter()
    do()
    return perf_counter() - before


@pytest.mark.parametrize("sequential", [True, False])
def test_a_thousand_automatic_items_take_ten_times_as_long_as_a_hundred(sequential: bool) -> None:
    few, many = [], []
    for _ in range(5):
        few.append(took(lambda: items("script", 100, sequential=sequential)))
        many.append(took(lambda: items("script", 1000, sequential=sequential)))
    assert median(many) < 30 * median(few)
    play = items("script", 1000, sequential=sequential)
    assert play.run.ended == "completed"
    assert play.variables["total"] == 499_500
    assert play.variables["out"] == [2 * number for number in range(1000)]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_step_among_a_thousand_items_costs_what_is_open(sequential: bool) -> None:
    steps, sizes = {}, {}
    for count in (100, 1000):
        play = items("user", count, sequential=sequential)
        assert len(play.waits) == (1 if sequential else count)
        sizes[count] = play.size
        steps[count] = [took(lambda play=play: play.complete_at(0, r=1)) for _ in range(15)]  # type: ignore[misc]
        assert play.variables.get("out") is None
    assert sizes[1000] < 12 * sizes[100]
    assert median(steps[1000]) < 30 * median(steps[100])
