"""What a drawing must show of a BPMN file: nodes, flows and the levels that they hang in. No places yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

EVENTS = frozenset(
    ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
)
GATEWAYS = frozenset(
    ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
)
SUB_PROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = SUB_PROCESSES | {
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
}
DATA = frozenset(("dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"))
ARTIFACTS = DATA | {"textAnnotation"}


@dataclass(frozen=True)
class Node:
    """One thing that gets a shape. `inner` is the level of a sub-process; `host` the activity of a boundary event."""

    id: str
    kind: str
    name: str = ""
    inner: Level | None = None
    expanded: bool = True
    triggered: bool = False
    compensates: bool = False
    host: str | None = None

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS

    @property
    def is_gateway(self) -> bool:
        return self.kind in GATEWAYS

    @property
    def is_activity(self) -> bool:
        return self.kind in ACTIVITIES

    @property
    def is_artifact(self) -> bool:
        return self.kind in ARTIFACTS

    @property
    def is_event_sub_process(self) -> bool:
        """Whether it stands beside the flow and begins by an event of its own."""
        return self.kind in SUB_PROCESSES and self.triggered


@dataclass(frozen=True)
class Flow:
    """One thing that gets an edge: a sequence flow, an association, a data association or a message flow."""

    id: str
    kind: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True)
class Lane:
    """A row of a pool; a lane may be parted into lanes again."""

    id: str
    name: str
    members: frozenset[str]
    lanes: tuple[Lane, ...] = ()


@dataclass(frozen=True)
class Level:
    """The inside of a process or sub-process."""

    id: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}


@dataclass(frozen=True)
class Pool:
    """A participant; one without a level is a black box."""

    id: str
    name: str
    level: Level | None


@dataclass(frozen=True)
class Model:
    """One file: either a collaboration of pools, or one process or several beside each other."""

    collaboration: str | None
    pools: tuple[Pool, ...]
    processes: tuple[Level, ...]
    messages: tuple[Flow, ...] = ()


def shown_nodes(level: Level) -> Iterator[Node]:
    """Yield the nodes that are shown on a level's sheet, those inside expanded sub-processes too."""
    for node in level.nodes:
        yield node
        if node.inner is not None and node.expanded:
            yield from shown_nodes(node.inner)


def every_lane(lanes: Iterable[Lane]) -> Iterator[Lane]:
    """Yield lanes and those that they are parted into."""
    for lane in lanes:
        yield lane
        yield from every_lane(lane.lanes)
