"""The histories as they were told: run this module to write those that are not there yet.

`python -m tests.histories.telling` plays each one up to the step at which it is saved, then to its end. What is
written already is left alone: see README.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.feel.codec import from_json, to_json

from .diagrams import DIAGRAMS, OTHER
from .instance import Instance, Step

TOLD = Path(__file__).parent / "format_1"


@dataclass(frozen=True)
class History:
    """An instance that is saved after the steps `before`, and goes on with those `after`.

    Steps stand one after the other with `; ` between them: what is done, where, and with which values.
    """

    name: str
    about: str
    before: str = ""
    after: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    diagram: str = ""
    start: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> bytes:
        return DIAGRAMS[self.diagram or self.name]

    @property
    def other(self) -> bytes | None:
        return OTHER.get(self.diagram or self.name)


def _at(moment: str, hour: int) -> str:
    """A moment of a goal, so many hours after the Monday's beginning, as JSON."""
    at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
    return json.dumps({moment: to_json(at)}).replace(" ", "")


HISTORIES = (
    History(
        "everything_open",
        "Everything that can wait does so, inside a sub-process; then a signal ends it all.",
        after="broadcast cut; complete x; complete b",
        variables={"never": 0},
    ),
    History(
        "everything_goes_on",
        "Everything that can wait does so, and each goes on in its own way.",
        before="broadcast s2",
        after=(
            'complete u; fire t; complete b {"never": 1}; deliver mail; deliver r; '
            'complete sv {"answer": 1}; skip bad; complete w; complete many:0; deliver se {"n": 1}; '
            'deliver se {"n": 2}; complete many:0; complete d; complete n:1; complete n; complete stop'
        ),
        variables={"never": 0},
        diagram="everything_open",
    ),
    History(
        "a_full_task",
        "A task with an assignee, groups, a due date, a priority and inputs; values of every kind.",
        before=(
            'complete a {"price": {"$n": "12.50"}, "big": {"$n": "123456789012345678901234567890"}, '
            '"day": {"$d": "2026-12-04"}, "flags": [true, false, null], '
            '"deep": {"$$odd": {"a": [1, {"b": []}]}}, "text": "Grüße, 你好"}'
        ),
        after='complete b {"done": true}',
        variables={"who": "ann", "n": 7},
    ),
    History(
        "timers",
        "A date, a duration and a cycle of which two rounds are over.",
        before="fire each; fire each",
        after="fire each; fire each; fire on_day; fire work_late; complete look",
    ),
    History(
        "timers_of_goals",
        "A timer that hangs on a goal is suspended, another has fired and waits for more; cron goes on beside.",
        before=f"promise resolution {_at('warning', 18)}; fire warned; fire mornings",
        after=(
            f"promise resolution {_at('due', 20)}; promise resolution {{}}; "
            f"promise resolution {_at('due', 44)}; fire mornings; fire late; complete lead"
        ),
    ),
    History(
        "messages",
        "Messages with a text, a number and no key; one came twice already.",
        before='deliver beside {"said": "one"}; deliver beside {"said": "two"}',
        after='deliver beside {"said": "three"}; deliver r {"ok": true}; deliver c',
        variables={"ticket": "T-1", "number": 4711},
    ),
    History(
        "a_race",
        "An event-based gateway waits for two timers, a message, a signal and a condition.",
        after="fire later",
        variables={"count": 0},
    ),
    History(
        "conditions",
        "A condition that held when it was last asked, and one that never did.",
        before='complete o {"count": 3}',
        after=(
            'complete o {"count": 4}; complete o {"count": 0}; complete o {"count": 5}; '
            'complete o {"other": true, "more": false}; complete n; complete n; complete w'
        ),
        variables={"count": 0, "more": True},
    ),
    History(
        "failures",
        "Elements that could not be entered, finished and left, and an event that failed with what it brought.",
        before='complete finish {"n": 100000}; complete leave {"go": "maybe"}; deliver si {"n": 100000}',
        after=(
            'retry finish {"n": 2}; retry leave {"go": true}; retry enter {"value": {"ok": 1}}; '
            'retry si {"n": 1}; move stray "end_it"; complete end_it'
        ),
        variables={"value": 1},
    ),
    History(
        "parked",
        "Tokens wait at a parallel and at an inclusive join; one of them twice over the same flow.",
        before="complete a; complete b; complete x",
        after="complete c; complete y; complete after; complete late",
        variables={"both": True},
    ),
    History(
        "many_at_once",
        "A multi-instance task and sub-process of which some are done, with null among the items.",
        before='complete t:1 {"answer": "yes"}; complete u:0 {"answer": 1}',
        after=(
            'complete t:0; complete t {"answer": "no"}; complete u:1 {"answer": 3}; complete u {"answer": 2}'
        ),
        variables={"people": ["ann", None, "cy"]},
    ),
    History(
        "one_after_another",
        "A sequential multi-instance call in its second item, and a standard loop in its third round.",
        before='complete ask {"answer": 1}; complete again {"more": true}; complete again {"more": true}',
        after=(
            'fire beside; complete again {"more": false}; complete ask {"answer": 2}; '
            'complete ask {"answer": 3}'
        ),
        variables={"items": [10, 20, 30]},
    ),
    History(
        "much_to_compensate",
        "An activity, a finished sub-process and a finished called process are remembered.",
        before='complete a {"ref": "A"}; complete b {"own": 2}; complete c',
        after='complete last; complete c_back; complete b_back {"seen": true}; complete a_back',
        variables={"ref": "0"},
    ),
    History(
        "being_compensated",
        "A finished sub-process was opened again, and its handler is at work.",
        before='complete a {"ref": "A"}; complete b {"own": 2}; complete c; complete last; complete c_back',
        after="complete b_back; complete a_back",
        variables={"ref": "0"},
        diagram="much_to_compensate",
    ),
    History(
        "compensated_by_an_event",
        "An event sub-process takes back what the process around it did, and one its own way.",
        before="complete a; complete b; deliver si; complete own",
        after="complete b_back; complete a_back; complete n",
    ),
    History(
        "a_cancelled_transaction",
        "A transaction was cancelled, and its last handler is not done yet.",
        before=(
            'complete hotel {"ref": "H"}; complete flight {"ref": "F"}; complete pay {"paid": false}; '
            "complete flight_back"
        ),
        after="complete hotel_back; complete sorry",
    ),
    History(
        "interrupted_by_its_own",
        "An interrupting event sub-process runs; what else waited for events is disarmed.",
        before='deliver si {"why": "solved"}',
        after="complete n",
        diagram="event_sub_processes",
    ),
    History(
        "beside_the_flow",
        "Two instances of an event sub-process run beside the flow, and a timer will start another kind.",
        before="broadcast line; broadcast line",
        after="fire st; broadcast line; complete a; complete m:1; complete m; complete m; complete k",
        diagram="event_sub_processes",
    ),
    History(
        "three_calls_deep",
        "A task three called processes deep; each has written something of its own.",
        before='complete one {"a": 1}; complete two {"b": 2}',
        after='complete three {"c": 3}',
        variables={"x": 0},
    ),
    History(
        "another_version",
        "A process of another pack was called in its newest version, and is remembered there.",
        before='complete ask {"answer": 1}',
        after='complete again {"answer": 2}; complete ask_back',
    ),
    History(
        "by_a_signal",
        "An instance that a signal began, with a task for the night shift.",
        after="complete night",
        diagram="several_starts",
        start={"signal": "line down"},
    ),
    History(
        "completed",
        "An instance that has ended well.",
        before="complete day",
        variables={"kept": [1]},
        diagram="several_starts",
    ),
    History(
        "cancelled",
        "An instance that somebody cancelled.",
        before="cancel",
        diagram="several_starts",
    ),
    History(
        "terminated",
        "An instance that a terminate end ended.",
        before="complete out",
        diagram="several_starts",
        start={"message": "stop"},
    ),
)


def steps(text: str) -> list[Step]:
    """Read steps as they stand in a history."""
    return [_step(*part.split(" ", 2)) for part in text.split("; ") if part]


def _step(what: str, element: str = "", values: str = "{}") -> Step:
    return [what, element, json.loads(values)]


def write(history: History) -> None:
    """Play a history and write it down."""
    instance = Instance(history.source, history.other)
    instance.begin(from_json(history.variables), **history.start)
    for step in steps(history.before):
        instance.take(step)
    told: dict[str, Any] = {"about": history.about, "done": instance.done, "state": instance.run.dump()}
    told |= {"ended_before": instance.run.ended, "waiting": instance.waiting, "steps": steps(history.after)}
    instance.happenings.clear()
    for step in told["steps"]:
        instance.take(step)
    told |= {"ended": instance.run.ended, "variables": to_json(instance.run.variables())}
    told |= {"entered": instance.entered, "waiting_at_the_end": instance.waiting}
    folder = TOLD / history.name
    folder.mkdir(parents=True)
    (folder / "process.bpmn").write_bytes(history.source + b"\n")
    if history.other is not None:
        (folder / "other.bpmn").write_bytes(history.other + b"\n")
    lines = ",\n".join(f'"{name}": {json.dumps(part, ensure_ascii=False)}' for name, part in told.items())
    (folder / "history.json").write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    for told in HISTORIES:
        if not (TOLD / told.name).exists():
            write(told)
            print(f"{told.name}: written")
