"""The raw library, on the cases for which the fence steps by itself.

These hold what SpiffWorkflow 3.2.0 does today. If one of them fails after an upgrade, the library has changed, and
the override that stands beside it in docs/decisions/0004-spiffworkflow-behind-a-fence.md may have become needless.
"""

from __future__ import annotations

from typing import Any

import pytest
import SpiffWorkflow.version
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from .drawing import draw, level, message, node, on_message


def raw(source: bytes, **data: Any) -> BpmnWorkflow:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(source))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.task_tree.data.update(data)
    workflow.do_engine_steps()
    return workflow


def ready(workflow: BpmnWorkflow) -> list[str]:
    return [task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY)]


def complete(workflow: BpmnWorkflow, name: str, **data: Any) -> None:
    task = next(it for it in workflow.get_tasks(state=TaskState.READY) if it.task_spec.name == name)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert SpiffWorkflow.version.__version__ == "3.2.0"


def test_a_join_loses_what_branches_wrote() -> None:
    workflow = raw(
        draw("start s; and f; user a; user b; and j; user z; end e", "s>f f>a>j f>b>j j>z>e"), x=1, log=[]
    )
    complete(workflow, "a", x=2, log=["a"])
    complete(workflow, "b", log=["b"])
    (task,) = workflow.get_tasks(state=TaskState.READY)
    assert task.data == {"x": 1, "log": ["b"]}


def test_a_message_beside_an_activity_comes_once() -> None:
    event = on_message("reply", "work", "m", interrupting=False)
    workflow = raw(draw(f"start s; user work; end e; end n; {event}", "s>work>e reply>n", message("m")))
    reply = BpmnEvent(MessageEventDefinition("m"), {})
    workflow.send_event(reply)
    workflow.do_engine_steps()
    with pytest.raises(WorkflowException, match="not waiting"):
        workflow.send_event(reply)


def test_a_chain_of_a_thousand_nodes_does_not_parse() -> None:
    names = ["s", *(f"n{i}" for i in range(1000)), "e"]
    with pytest.raises(ValidationException, match="RecursionError"):
        raw(draw("start s; " + "; ".join(f"and {name}" for name in names[1:-1]) + "; end e", ">".join(names)))


def test_a_loop_keeps_all_its_rounds() -> None:
    workflow = raw(draw("start s; user a; xor g; end e", "s>a>g g>a [again] g>e *"), again=True)
    sizes = []
    for _ in range(20):
        complete(workflow, "a", again=True)
        sizes.append(len(workflow.tasks))
    assert sizes[-1] > sizes[0] + 30


def test_an_interrupted_sub_process_runs_on() -> None:
    inside = level("start si; and f; user a; user b; end x; end y", "si>f f>a>x f>b>y", prefix="g")
    source = draw(
        f"start s; {node('sub', 'sp', inside)}; end e; end n; {on_message('stop', 'sp', 'm')}",
        "s>sp>e stop>n",
        message("m"),
    )
    workflow = raw(source)
    assert sorted(ready(workflow)) == ["a", "b"]
    workflow.send_event(BpmnEvent(MessageEventDefinition("m"), {}))
    assert sorted(ready(workflow)) == ["a", "b", "stop"]


def test_the_height_of_a_shape_decides() -> None:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="s_{id}" bpmnElement="{id}"><dc:Bounds x="1" y="{y}" width="9" height="9" />'
        "</bpmndi:BPMNShape>"
        for id, y in (("a", 300), ("b", 100))
    )
    picture = (
        '<bpmndi:BPMNDiagram id="di" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>'
    )
    source = draw("start s; xor g; user a; user b; end e", "s>g g>a [True] g>b [True] a>e b>e")
    assert ready(raw(source)) == ["a"]
    assert ready(raw(source.replace(b"</definitions>", picture.encode()))) == ["b"]
