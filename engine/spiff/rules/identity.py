"""Rules about ids and about what a file holds: processes, pools, and where things are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.describe import FLOW_NODES, processes
from engine.spiff.errors import Finding
from engine.spiff.reading import BPMN, BPMN_DI, local_name, refusal
from engine.spiff.rules.drawing import Drawing, said, warned

_NEED_IDS = FLOW_NODES | {"process", "sequenceFlow", "message", "signal", "error", "escalation", "lane"}


def ids(drawing: Drawing) -> Iterator[Finding]:
    """Every id stands once, and what is run has one."""
    seen: dict[str, int] = {}
    for node in drawing.root.iter(f"{BPMN}*", f"{BPMN_DI}*"):
        id_, line = node.get("id"), node.sourceline or 0
        if id_ in seen:
            message = f"Expected every id once, but {id_!r} stands in line {seen[id_]} and in line {line}."
            yield refusal("ids", message, "Give one of the two another id.", element=id_, line=line)
        elif id_:
            seen[id_] = line
        elif local_name(node) in _NEED_IDS:
            message = f"Expected every element to have an id, but a <{local_name(node)}> has none."
            yield refusal("ids", message, "Give it an id.", line=line)


def process(drawing: Drawing) -> Iterator[Finding]:
    """A file holds executable processes, and one pool at most that has one."""
    nodes = processes(drawing.root)
    if not nodes:
        yield refusal("process", "Expected a process, but the file has none.", "Draw a process.", line=1)
    for node in nodes:
        if node.get("isExecutable") == "false":
            message = f"Expected the process {node.get('id')!r} to be executable, but it says that it is not."
            remedy = 'Set isExecutable="true".'
            yield refusal("process", message, remedy, element=node.get("id"), line=node.sourceline)
    yield from _pools(drawing)


def _pools(drawing: Drawing) -> Iterator[Finding]:
    pools = [it for it in drawing.root.iter(f"{BPMN}participant") if it.get("processRef")]
    known = {it.get("id") for it in drawing.root.iterchildren(f"{BPMN}process")}
    for pool in pools:
        if pool.get("processRef") not in known:
            message = (
                f"Expected the pool's process {pool.get('processRef')!r}, but the file has none of that id."
            )
            remedy = "Correct processRef, or draw the process."
            yield refusal("references", message, remedy, element=pool.get("id"), line=pool.sourceline)
    for pool in [it for it in pools if it.get("processRef") in drawing.elements][1:]:
        message = f"Expected one pool with a process, but {pool.get('id')!r} is a further one."
        remedy = "Put its process into a file of its own; a pool without a process may stay as a picture."
        yield refusal("process", message, remedy, element=pool.get("id"), line=pool.sourceline)


def drawn(drawing: Drawing) -> Iterator[Finding]:
    """Everything that runs is on the canvas, so that people can see what happens."""
    shapes = {it.get("bpmnElement") for it in drawing.root.iter(f"{BPMN_DI}BPMNShape", f"{BPMN_DI}BPMNEdge")}
    missing = [it for it in (*drawing.nodes, *drawing.flows) if it.id not in shapes]
    if missing and not shapes:
        node = missing[0]
        message = "Expected a picture of the process (BPMN DI), but the file has none."
        yield warned("drawn", node, message, "Open it in the studio or Camunda Modeler and place it there.")
        return
    for node in missing:
        message = f"Expected {node.title!r} on the canvas, but it has no shape."
        yield warned("drawn", node, message, "Draw it again with a BPMN editor.")


def variable_names(drawing: Drawing) -> Iterator[Finding]:
    """What is written has a name that expressions can read: letters, digits and `_`."""
    for element in drawing.nodes:
        names = [target for target, _ in (*element.inputs, *element.outputs)]
        for name in [*names, *filter(None, [element.result_variable])]:
            if not name.isidentifier():
                message = f"Expected the name of a variable, but {element.title!r} writes to {name!r}."
                yield said("variable-names", element, message, "Use letters, digits and underscores.")


RULES = (ids, process, drawn, variable_names)
