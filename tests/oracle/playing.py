"""Short words for the oracle's own tests: bodies, and what is done to an instance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .interpreter import Instance
from .model import Boundary, End, Model, Node, Parallel, Start, UserTask
from .sketch import Sketch
from .state import Stay, Wait
from .triggers import Error, Message, Signal, Trigger

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def line(*nodes: Node) -> Sketch:
    """A body that is one chain."""
    sketch = Sketch()
    sketch.chain(*nodes)
    return sketch


def forked(*branches: Node) -> Sketch:
    """A body that begins with a parallel split into branches."""
    sketch = line(Start("s"), Parallel("fork"))
    for branch in branches:
        sketch.chain("fork", branch)
    return sketch


def guarded(trigger: Trigger, interrupting: bool = True, host: Node | None = None) -> Sketch:
    """A task with a boundary event that leads to another task."""
    host = host or UserTask("host")
    sketch = line(Start("s0"), host, End("e0"))
    sketch.chain(
        Boundary("bound", host=host.id, trigger=trigger, interrupting=interrupting),
        UserTask("beyond"),
        End("e1"),
    )
    return sketch


def begin(what: Model, by: Message | Signal | None = None, /, **variables: object) -> Instance:
    instance = Instance(what, variables, NOON, by)
    instance.start()
    return instance


def tasks(instance: Instance) -> list[str]:
    return sorted(stay.node.id for stay in instance.open_tasks())


def task(instance: Instance, id: str) -> Stay:
    return next(stay for stay in instance.open_tasks() if stay.node.id == id)


def complete(instance: Instance, *ids: str, **writes: object) -> None:
    for id in ids:
        instance.complete(task(instance, id), writes)


def answer(instance: Instance, id: str, code: str, **variables: object) -> None:
    """Let a service task's handler answer with an error."""
    instance.answer_error(task(instance, id), Error(code), variables)


def wait(instance: Instance, id: str) -> Wait:
    return next(each for each in instance.waits() if each.element == id)


def waiting(instance: Instance) -> list[str]:
    return sorted(each.element for each in instance.waits())


def deliver(instance: Instance, id: str, **payload: object) -> None:
    instance.deliver(wait(instance, id), payload)


def fire(instance: Instance, id: str, now: datetime) -> None:
    instance.now = now
    instance.fire(wait(instance, id))


def failures(instance: Instance) -> list[tuple[str, str]]:
    return [(stay.node.id, stay.failure.phase) for stay in instance.failures()]


def failed(instance: Instance, id: str) -> Stay:
    return next(stay for stay in instance.failures() if stay.node.id == id)


def told(instance: Instance, *kinds: str) -> list[tuple[str, str]]:
    """Return what was told of some kinds: what, and of which element."""
    return [(what, id) for what, id, *_ in instance.trail if what in kinds]


def variables(instance: Instance) -> dict[str, object]:
    return instance.root.frame.names
