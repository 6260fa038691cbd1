"""What has no drawing, or can't get one, is said in a sentence."""

from __future__ import annotations

import pytest

from engine.drawing import Elk, faults, laid_out, parse
from engine.errors import Unsupported

from .models import HEAD, NAMED, chain, node, process

SIMPLE = process(node("startEvent", "s") + node("endEvent", "e") + chain("s", "e"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no XML", "Expected XML, but"),
        (b"<svg/>", "Expected the definitions of BPMN 2.0, but the root is svg."),
        (b"<!DOCTYPE x><x/>", "Expected BPMN without a DOCTYPE, but there is one."),
        (f"{HEAD}</definitions>".encode(), "Expected a process, but there is none."),
        (f'{HEAD}<choreography id="c"/></definitions>'.encode(), "but this is a choreography."),
        (process("<task/>"), "Expected every element to have an id, but the task on line 4 has none."),
        (SIMPLE.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "Expected UTF-8 or another encoding"),
        (SIMPLE.replace(b'targetRef="e"', b'targetRef="gone"'), "s_to_e to begin and end at elements"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(content: bytes, sentence: str, elk: Elk) -> None:
    with pytest.raises(Unsupported) as refused:
        laid_out(content, elk)
    assert sentence in str(refused.value)


def test_a_file_without_a_drawing_is_found() -> None:
    assert faults(parse(SIMPLE)) == ["There is no drawing."]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b'bpmnElement="work"', b'bpmnElement="gone"', "gone is drawn, but the file has no such element."),
        (b'bpmnElement="work"', b'bpmnElement="gone"', "work has no shape."),
        (b'bpmnElement="s_to_work"', b'bpmnElement="next"', "s_to_work has no edge."),
        (b'height="36"', b'height="0"', "The shape of s has no size."),
        (b'bpmnElement="s_to_work">\n        <di:waypoint x="',
         b'bpmnElement="s_to_work">\n        <di:waypoint x="9',
         "The edge of s_to_work does not begin at its source."),
        (b'id="b_timer_di" bpmnElement="b_timer">\n        <dc:Bounds x="',
         b'id="b_timer_di" bpmnElement="b_timer">\n        <dc:Bounds x="9',
            "b_timer does not sit on the border of work."),
    ],
)  # fmt: skip
def test_a_broken_drawing_is_found(old: bytes, new: bytes, sentence: str, elk: Elk) -> None:
    drawn = laid_out(NAMED["boundaries"], elk)
    assert old in drawn
    assert sentence in faults(parse(drawn.replace(old, new, 1)))
