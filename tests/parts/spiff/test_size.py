"""Size: what a step costs follows what is open, not how long the diagram is or what has been.

What a step costs is counted in calls of functions, Python's and C's, so that a busy machine changes nothing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

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
    sizes, costs = {play.size}, set()
    for number in range(ROUNDS):
        if number % 1000 in (1, 999):
            costs.add(cost(lambda: play.complete("work")))
            sizes.add(play.size)
        else:
            play.complete("work")
        play.happenings.clear()
    assert len(sizes) == 1
    assert max(costs) < 1.1 * min(costs)
    assert play.waiting == ["work", "late", "reply"]


def test_twenty_thousand_automatic_rounds_cost_what_the_first_did() -> None:
    source = draw(
        f"start s; xor m; {script('add', '={n: n + 1}')}; xor x; user w; xor y; end e",
        "s>m m>add>x x>m [modulo(n, 2000) != 0] x>w * w>y y>e [over] y>m *",
    )
    play = begin(source, n=0, over=False)
    sizes, costs = [play.size], []
    for number in range(9):
        if number in (0, 8):
            costs.append(cost(lambda: play.complete("w")))
        else:
            play.complete("w")
        play.happenings.clear()
        sizes.append(play.size)
    assert play.variables["n"] == ROUNDS
    assert max(sizes) - min(sizes) <= 1  # a digit
    assert max(costs) < 1.1 * min(costs)


def items(kind: str, count: int, *, sequential: bool) -> Play:
    loop = each("=items", "item", "out", "=r", sequential=sequential)
    work = (
        extension('<zeebe:script expression="={r: item * 2, total: total + item}" />')
        if kind == "script"
        else ""
    )
    source = draw(f"start s; {node(kind, 'a', work + loop)}; end e", "s>a>e")
    return Play(linked(source), "p", None, False, lambda *_: None, {"items": list(range(count)), "total": 0})


def cost(do: Callable[[], object]) -> int:
    """Return how many functions are called."""
    calls: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: calls.update((event,)))
    try:
        do()
    finally:
        sys.setprofile(before)
    return calls["call"] + calls["c_call"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_thousand_automatic_items_cost_ten_times_as_much_as_a_hundred(sequential: bool) -> None:
    few = cost(lambda: items("script", 100, sequential=sequential))
    many = cost(lambda: items("script", 1000, sequential=sequential))
    assert many < 11 * few
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
        steps[count] = max(cost(lambda play=play: play.complete_at(0, r=1)) for _ in range(5))  # type: ignore[misc]
        assert play.variables.get("out") is None
    assert sizes[1000] < 12 * sizes[100]
    assert steps[1000] < 11 * steps[100]
