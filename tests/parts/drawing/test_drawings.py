"""Drawings keep the rules by which people read them, whatever the model."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.drawing import Elk, faults, laid_out, parse

from .measuring import Drawn, flaws, without_drawing
from .models import NAMED, anything, chain, node, process

ROOT = Path(__file__).parents[3]
OURS = [
    *sorted((ROOT / "processes").glob("*/bpmn/*.bpmn")),
    *sorted((ROOT / "docs" / "reference" / "bpmn" / "examples").glob("*.bpmn")),
    *sorted((ROOT / "tests" / "diagrams" / "good").glob("*.bpmn")),
]
INTERCHANGE = sorted((ROOT.parent / "shared" / "data" / "miwg").glob("*.bpmn"))


@pytest.mark.parametrize("name", NAMED)
def test_every_kind_of_element_is_drawn_without_a_flaw(name: str, elk: Elk) -> None:
    drawn = laid_out(NAMED[name], elk)
    assert flaws(drawn) == []
    assert faults(parse(drawn)) == []


@pytest.mark.parametrize("seed", range(12))
def test_processes_that_nobody_would_draw_by_hand_have_drawings_without_a_flaw(seed: int, elk: Elk) -> None:
    assert flaws(laid_out(anything(seed, with_lanes=seed % 2 == 1), elk)) == []


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_our_own_models_are_drawn_anew_without_a_flaw(file: Path, elk: Elk) -> None:
    drawn = laid_out(without_drawing(file.read_bytes()), elk)
    assert flaws(drawn) == []
    assert faults(parse(drawn)) == []


def test_the_interchange_models_are_drawn_without_a_flaw(elk: Elk) -> None:
    """The reference files of the BPMN interchange group, which use everything that the standard has."""
    if not INTERCHANGE:
        pytest.skip("The BPMN interchange files are not beside this repository; the models above stand in.")
    found = {file.stem: flaws(laid_out(file.read_bytes(), elk)) for file in INTERCHANGE}
    assert {name: sentences for name, sentences in found.items() if sentences} == {}


@pytest.mark.parametrize("name", NAMED)
def test_nothing_but_the_drawing_changes(name: str, elk: Elk) -> None:
    drawn = laid_out(NAMED[name], elk)
    assert b"".join(without_drawing(drawn).split()) == b"".join(NAMED[name].split())
    assert laid_out(drawn, elk) == drawn


@pytest.mark.parametrize("file", OURS[:3], ids=lambda file: file.stem)
def test_a_drawing_takes_the_place_of_another_byte_for_byte(file: Path, elk: Elk) -> None:
    before = file.read_bytes()
    after = laid_out(before, elk)
    assert without_drawing(after) == without_drawing(before)
    start, end = before.index(b"<bpmndi:BPMNDiagram"), before.rindex(b"</bpmndi:BPMNDiagram>")
    assert after.startswith(before[:start]) and after.endswith(before[end:])


def test_the_same_file_gets_the_same_drawing_from_another_kernel(elk: Elk) -> None:
    with Elk() as other:
        assert laid_out(anything(3), other) == laid_out(anything(3), elk)


def test_the_main_path_runs_straight_from_left_to_right(elk: Elk) -> None:
    it = Drawn(laid_out(NAMED["loops"], elk))
    path = [it.shapes[id] for id in ("s", "again", "write", "good", "check", "right", "e")]
    assert all(a.right < b.left for a, b in pairwise(path))
    assert len({box.top + box.bottom for box in path}) == 1


def test_a_flow_that_leads_back_goes_round_above(elk: Elk) -> None:
    it = Drawn(laid_out(NAMED["loops"], elk))
    assert min(y for _, y in it.ways["right_to_write"]) < it.shapes["write"].top


def test_boundary_events_stand_below_and_lead_down_and_right(elk: Elk) -> None:
    it = Drawn(laid_out(NAMED["boundaries"], elk))
    work, event, way = it.shapes["work"], it.shapes["b_message"], it.ways["b_message_to_late"]
    assert (event.top + event.bottom) // 2 == work.bottom
    assert way[0] == ((event.left + event.right) // 2, event.bottom)
    assert way[1][1] > way[0][1] and way[-1][0] > way[0][0]


def test_event_sub_processes_stand_below_the_main_flow(elk: Elk) -> None:
    it = Drawn(laid_out(NAMED["sub_processes"], elk))
    assert it.shapes["aside"].top > it.shapes["i_t"].bottom
    assert it.shapes["beside"].top > it.shapes["outer"].bottom


def test_lanes_stand_in_the_order_of_the_file_and_outer_ones_around_inner_ones(elk: Elk) -> None:
    it = Drawn(laid_out(NAMED["pools"], elk))
    assert it.shapes["front"].holds(it.shapes["desk"]) and it.shapes["front"].holds(it.shapes["phone"])
    order = [it.shapes[id] for id in ("desk", "phone", "back", "idle")]
    assert all(a.bottom == b.top and a.right == b.right for a, b in pairwise(order))
    assert it.shapes["homeless"].top > it.shapes["idle"].bottom


def test_a_sub_process_that_was_collapsed_stays_so_and_keeps_a_sheet_of_its_own(elk: Elk) -> None:
    drawn = laid_out(NAMED["sub_processes"], elk)
    collapsed = drawn.replace(
        b'bpmnElement="outer" isExpanded="true"', b'bpmnElement="outer" isExpanded="false"'
    )
    it = Drawn(laid_out(collapsed, elk))
    assert it.shapes["outer"].right - it.shapes["outer"].left == 100
    assert it.sheet["i_t"] != it.sheet["outer"]
    assert flaws(laid_out(collapsed, elk)) == []


def test_a_file_without_the_prefixes_of_drawings_gets_them(elk: Elk) -> None:
    drawn = laid_out(process(node("startEvent", "s") + node("endEvent", "e") + chain("s", "e")), elk)
    assert b'<bpmndi:BPMNDiagram id="diagram" xmlns:bpmndi=' in drawn
    assert flaws(drawn) == []


def test_a_file_in_another_encoding_keeps_it(elk: Elk) -> None:
    model = (
        process(node("startEvent", "s", "Größe")).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    )
    drawn = laid_out(model, elk)
    assert "Größe".encode("latin-1") in drawn
    assert flaws(drawn) == []
