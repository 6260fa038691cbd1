"""What a diagram says, in our words: each field of an element, read from where BPMN and Camunda 8 write it."""

from __future__ import annotations

import pytest

from engine.spiff import Diagram, Element, check_diagram
from engine.spiff.checking import _compile
from engine.spiff.model import Loop

from .drawing import definitions, draw, extension, level, node, timer
from .everything import EVERYTHING


@pytest.fixture(scope="module")
def everything() -> Diagram:
    """The diagram in which every element stands."""
    diagram, found = check_diagram(EVERYTHING, "everything.bpmn")
    assert diagram is not None, [str(it) for it in found]
    return diagram


def test_every_kind_of_event_is_described_with_what_it_is_about(everything: Diagram) -> None:
    expected = {
        "soon": ("timer", "timer", ("date", "2026-12-04T19:30:00Z")),
        "asked": ("message", "message", "reply"),
        "alarm": ("signal", "signal", "storm"),
        "ready": ("conditional", "condition", "=stock > 0"),
        "care_error": ("error", "code", "E1"),
        "care_up": ("escalation", "code", "C1"),
        "broken": ("error", "code", "E1"),
        "st_error": ("error", "code", None),
        "jump": ("link", "link", "there"),
        "land": ("link", "link", "there"),
        "undo": ("compensate", "compensates", "trip"),
        "all": ("compensate", "compensates", None),
        "off": ("cancel", "code", None),
        "stop": ("terminate", "code", None),
        "milestone": (None, "code", None),
    }
    for id, (event, field, value) in expected.items():
        element = everything.elements[id]
        assert (element.event, getattr(element, field)) == (event, value), id


def test_a_message_brings_its_key_to_all_that_name_it(everything: Diagram) -> None:
    assert everything.elements["asked"].key == everything.elements["tell"].key == "=ticket"
    assert (everything.elements["paid"].message, everything.elements["paid"].event) == ("money", None)


def test_what_interrupts_and_what_does_not(everything: Diagram) -> None:
    assert [it.id for it in everything.elements.values() if not it.interrupting] == [
        "care_up", "rings", "late", "st_timer", "st_signal", "st_escalation"
    ]  # fmt: skip


def test_a_compensation_knows_its_handler_and_the_handler_what_it_is(everything: Diagram) -> None:
    assert everything.elements["book_undone"].handler == "unbook"
    assert [it.id for it in everything.elements.values() if it.for_compensation] == ["unbook", "unhelp"]


def test_an_event_sub_process_is_one_and_its_inside_knows_it(everything: Diagram) -> None:
    assert everything.elements["undoing"].triggered_by_event
    assert everything.elements["undoing"].parent == "care"
    assert everything.elements["us"].parent == "undoing"
    assert everything.elements["trip"].type == "transaction"


def test_a_loop_says_how_often(everything: Diagram) -> None:
    assert everything.elements["care"].loop == Loop(
        "parallel",
        collection="=items",
        item="item",
        results="got",
        result="=item",
        completion="=numberOfCompletedInstances > 2",
    )
    assert everything.elements["sell"].loop == Loop("sequential", cardinality="=n")
    assert everything.elements["talk"].loop == Loop(
        "standard", condition="=n < 3", maximum=5, test_before=True
    )
    assert everything.elements["mail"].loop is None


def test_a_call_says_which_version_and_a_service_how_patient_it_is(everything: Diagram) -> None:
    sell, unhelp, book = (everything.elements[id] for id in ("sell", "unhelp", "book"))
    assert (sell.binding, sell.version_tag) == ("versionTag", "v2")
    assert (unhelp.binding, unhelp.version_tag) == ("deployment", None)
    assert (book.back_off, book.time_out) == ("PT10S,PT1M", "PT30S")


def test_a_process_says_its_tag() -> None:
    tag = extension('<zeebe:versionTag value="v2" />')
    source = definitions(
        f'<process id="p" isExecutable="true">{tag}{level("start s; end e", "s>e")}</process>'
    )
    diagram, _ = check_diagram(source, "x")
    assert diagram is not None
    assert diagram.elements["p"].version_tag == "v2"


def test_every_formula_of_a_loop_and_a_condition_is_compiled(everything: Diagram) -> None:
    formulas, findings = _compile(dict(everything.elements))
    assert findings == []
    compiled = {id: set(it.texts) for id, it in formulas.items() if it.texts}
    assert compiled["care"] == {"collection", "completion", "result"}
    assert compiled["sell"] == {"cardinality"}
    assert compiled["talk"] == {"loop_condition"}
    assert compiled["ready"] == compiled["st_conditional"] == {"condition"}


def test_xml_writes_true_as_one_too() -> None:
    def described(**attributes: str) -> Element:
        boundary = node("boundary", "b", timer("duration", "PT1H"), attachedToRef="a", **attributes)
        diagram, found = check_diagram(draw(f"start s; user a; {boundary}; end e", "s>a>e b>e"), "x")
        assert diagram is not None, found
        return diagram.elements["b"]

    assert described(cancelActivity="1").interrupting
    assert not described(cancelActivity="0").interrupting


def test_the_inside_of_each_level_is_laid_out_with_its_event_sub_processes(everything: Diagram) -> None:
    bodies = everything.processes["p"].program
    assert {it.name for it in bodies["p"].spec.event_subprocesses} == {
        f"es_{kind}" for kind in ("timer", "message", "signal", "error", "escalation", "conditional")
    }
    assert [it.name for it in bodies["care"].spec.event_subprocesses] == ["undoing"]
    assert [it.name for it in bodies["p"].spec.task_specs["trip"].boundaries] == ["trip_off"]
