"""Of several drawings the one that is read most easily is taken, and names stand by what they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from engine.drawing import Elk, laid_out
from engine.drawing.choosing import burden_of, easiest
from engine.drawing.geometry import Box, Drawing, Point, Way

from .measuring import Drawn
from .models import chain, flow, node, process

LEVEL = [Point(0, 50), Point(100, 50)]
UPRIGHT = [Point(50, 0), Point(50, 100)]
ASIDE = [Point(150, 0), Point(150, 100)]
TOUCHING = [Point(50, 0), Point(50, 50)]
STEP = [Point(0, 50), Point(40, 50), Point(40, 54), Point(200, 54)]
BEND = [Point(0, 50), Point(40, 50), Point(40, 154), Point(200, 154)]
ROUND = [Point(0, 50), Point(0, 0), Point(90, 0), Point(90, 90), Point(40, 90)]


def drawing(*ways: Way) -> Drawing:
    return Drawing(
        shapes={"all": Box(0, 0, 200, 200)}, edges={str(number): way for number, way in enumerate(ways)}
    )


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        ((LEVEL, ASIDE), (LEVEL, UPRIGHT)),
        ((LEVEL, TOUCHING), (LEVEL, UPRIGHT)),
        ((BEND,), (STEP,)),
        ((LEVEL,), (BEND,)),
        ((BEND, ASIDE), (LEVEL, UPRIGHT)),
    ],
    ids=["crossing", "meeting", "step", "bend", "bends or a crossing"],
)
def test_what_burdens_the_reader_counts(easier: tuple[Way, ...], harder: tuple[Way, ...]) -> None:
    assert burden_of(drawing(*easier)) < burden_of(drawing(*harder))


def test_the_easiest_drawing_is_taken_and_of_equal_ones_the_first() -> None:
    crossed, round_about, again = drawing(LEVEL, UPRIGHT), drawing(ROUND), drawing(ROUND)
    assert easiest([crossed, round_about, again]) is round_about


def test_nothing_more_is_tried_after_a_drawing_that_can_hardly_be_better() -> None:
    def attempts() -> Iterator[Drawing]:
        yield plain
        raise AssertionError("one attempt too many")

    plain = drawing(LEVEL, BEND, ASIDE)
    assert easiest(attempts()) is plain


def test_in_lanes_flows_of_one_side_are_named_where_they_have_parted(elk: Elk) -> None:
    names = ["one", "two", "three", "four"]
    tasks = "".join(node("task", name, name) for name in names)
    refs = "".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in ("s", "which", *names))
    lanes = f'<laneSet id="ls"><lane id="a" name="A">{refs}</lane><lane id="b" name="B"/></laneSet>'
    body = lanes + node("startEvent", "s") + node("exclusiveGateway", "which", "Which?") + tasks
    ways = "".join(flow("which", name, f"to {name}") for name in names)
    it = Drawn(laid_out(process(body + chain("s", "which") + ways), elk))
    assert {id: _named_there(it, id) for id in it.labels if id != "which"} == {
        f"which_to_{name}": [f"which_to_{name}"] for name in names
    }


def _named_there(it: Drawn, id: str) -> list[str]:
    """The flows that pass right beside a label."""
    label = it.labels[id]
    near = type(label)(label.left - 5, label.top - 5, label.right + 5, label.bottom + 5)
    return [
        other for other, way in it.ways.items() if any(near.is_entered_by(*piece) for piece in pairwise(way))
    ]
