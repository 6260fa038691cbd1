"""Where in a ticket's processes something happened, as its trail writes it and as people say it.

A scope's path is `check#2/look`: from the root process inwards, the activities that opened a scope, each with the
number of its item or round where it is done several times. A path may run through called processes. What is seen
together on one diagram is a sheet: the root process, or one call of another process, with all that is inside it.

A call that takes the newest version may find another one the next time it is reached. The paths that are handed out
here tell them apart: behind a later version they go on as `check~2`, so that no sheet mixes two diagrams.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from engine.reads import Outline

# What was told of one of these at its beginning holds for the events that name it later without saying where.
_SUBJECTS = ("task", "timer", "subscription", "job", "incident", "subject")
# What these tell doesn't say in which scope; it is where the token was that came to the element last.
_WITHOUT_SCOPE = ("mail_requested", "mail_omitted", "state_changed")
_ROUNDS = {"parallel": "item", "sequential": "item", "standard": "round"}
_PARTS = re.compile("[#~]")  # neither can be in an element's id
_NUMBER = re.compile("#([0-9]+)")
_END = 1 << 62  # behind every number of items


class Scopes:
    """The scopes of one ticket, learned from its trail; `outline` gives a process in the version that a deployed
    pack (None: the ticket's own) has of it."""

    def __init__(
        self, root: str, outline: Callable[[str, str | None], Outline], trail: Iterable[Any]
    ) -> None:
        self._outline = outline
        self._processes: dict[str, tuple[str, str | None]] = {"": (root, None)}
        self._versions: dict[str, list[tuple[int, str, str | None]]] = {}
        self._subjects: dict[str, tuple[str, str]] = {}
        self._times: dict[str, list[tuple[int, int]]] = {}
        self._entered: dict[str, list[tuple[int, str]]] = {}
        for event in trail:
            self._learn(event)

    def moves(self, event: Any) -> list[tuple[str, str, str]]:
        """Return the movements that an event tells: what, the element, and its scope."""
        steps = event.data.get("steps", ()) if event.kind == "elements_passed" else ()
        return [
            (what, element, self._path(inside[0] if inside else "", event.seq))
            for what, element, *inside in steps
        ]

    def place(self, event: Any) -> tuple[str, str]:
        """Return the scope and the element that an event is about; "" for the root and for no element."""
        path, element = self._path(event.data.get("scope") or "", event.seq), event.data.get("element")
        for subject in _subjects(event):
            known = self._subjects.get(subject, ("", ""))
            path, element = path or known[0], element or known[1]
        if event.kind in _WITHOUT_SCOPE and element and not path:
            path = self._last_entered(element, event.seq)
        return path, element or ""

    def _last_entered(self, element: str, seq: int) -> str:
        times = self._entered.get(element, [])
        before = bisect_right(times, seq, key=lambda it: it[0])
        return times[before - 1][1] if before else ""

    def outline(self, path: str) -> Outline:
        """Return the process whose elements stand in a scope, in the version that ran."""
        return self._outline(*next(self._processes[it] for it in outwards(path) if it in self._processes))

    def is_call(self, path: str) -> bool:
        """Whether a scope is that of a called process, and not of a sub-process, an item or a round."""
        return bool(path) and activity(path) in self.outline(outer(path)).calls

    def sheet(self, path: str) -> str:
        """Return the sheet on which a scope is drawn: the innermost call around it, or "" for the root process."""
        return next(it for it in outwards(path) if not it or self.is_call(it))

    def knows(self, element: str, path: str) -> bool:
        """Whether an element has a name on its diagram."""
        return element in self.outline(path).names

    def name(self, element: str, path: str) -> str:
        """Return what an element of a scope, or of one around it, is called; its id where it has no name."""
        named = (self.outline(it).names.get(element) for it in outwards(path))
        return next(filter(None, named), element.replace("_", " "))

    def name_of(self, subject: str, element: str) -> str:
        """Return what the element is called that a task, timer or subscription stands at, by the id of that."""
        return self.name(element, self.path_of(subject))

    def host_of(self, subject: str, element: str) -> str:
        """Return the activity that a timer's or a subscription's element hangs on; "" where it stands in the flow."""
        return self.outline(self.path_of(subject)).hosts.get(element, "")

    def path_of(self, subject: str) -> str:
        """Return the scope of a task, timer or subscription by its id; "" where the trail doesn't tell."""
        return self._subjects.get(subject, ("", ""))[0]

    def say(self, path: str, seq: int) -> str:
        """Return a scope in words, as it was at a link of the trail: “Check credit”, item 2 of 3, “Look”."""
        return ", ".join(self.say_inner(part, seq) for part in between("", path))

    def say_near(self, path: str, seq: int) -> str:
        """Return a scope as people tell it apart: its innermost activity, and those around it that are done several
        times, with their numbers."""
        parts = between("", path)
        return ", ".join(self.say_inner(it, seq) for it in parts if it == path or _number(it))

    def say_inner(self, path: str, seq: int) -> str:
        """Return the innermost activity of a path in words: “Check credit”, item 2 of 3."""
        text, number = f"“{self.name(activity(path), outer(path))}”", _number(path)
        if not number:
            return text
        kind = self.outline(outer(path)).loops.get(activity(path), "parallel")
        total = f" of {self._total(path, seq)}" if kind == "parallel" else ""
        return f"{text}, {_ROUNDS[kind]} {number}{total}"

    def _total(self, path: str, seq: int) -> int:
        """How many items there were: an activity may be done again, with others."""
        times = self._times[body(path)]
        return times[bisect_right(times, (seq, _END)) - 1][1]

    def _learn(self, event: Any) -> None:
        for _, _, *inside in event.data.get("steps", ()) if event.kind == "elements_passed" else ():
            self._note_version(event.seq, *inside)
        for what, element, path in self.moves(event):
            self._count(path, event.seq)
            if what == "entered":
                self._entered.setdefault(element, []).append((event.seq, path))
            if what == "entered" and element in self.outline(path).loops:
                self._times.setdefault(inner(path, element), []).append((event.seq, 0))
        path, element = self.place(event)
        self._count(path, event.seq)
        for subject in _subjects(event):
            self._subjects.setdefault(subject, (path, element))

    def _note_version(self, seq: int, path: str = "", process: str = "", pack: str | None = None) -> None:
        versions = self._versions.setdefault(path, [])
        if path and (not versions or versions[-1][1:] != (process, pack)):
            versions.append((seq, process, pack))
            self._processes[self._path(path, seq)] = process, pack

    def _path(self, path: str, seq: int) -> str:
        """Return a path of the trail with the versions told apart."""
        told = ""
        for part in between("", path):
            which = bisect_right(self._versions.get(part, ()), seq, key=lambda it: it[0])
            told = inner(told, part.rpartition("/")[2] + (f"~{which}" if which > 1 else ""))
        return told

    def _count(self, path: str, seq: int) -> None:
        for part in outwards(path):
            if number := _number(part):
                times = self._times.setdefault(body(part), [(seq, 0)])
                times[-1] = times[-1][0], max(times[-1][1], number)


def outwards(path: str) -> Iterator[str]:
    """Yield a scope and those around it, the root's "" last."""
    while path:
        yield path
        path = outer(path)
    yield ""


def between(outside: str, path: str) -> list[str]:
    """Return the scopes from the first one inside of `outside` to `path`."""
    return [it for it in outwards(path) if len(it) > len(outside)][::-1]


def outer(path: str) -> str:
    """Return the scope around a scope."""
    return path.rpartition("/")[0]


def inner(path: str, element: str) -> str:
    """Return the scope that an activity of a scope opens."""
    return f"{path}/{element}" if path else element


def activity(path: str) -> str:
    """Return the id of the activity that opened a scope."""
    return _PARTS.split(path.rpartition("/")[2])[0]


def written(path: str) -> str:
    """Return a path as the trail has it."""
    return re.sub("~[0-9]+", "", path)


def body(path: str) -> str:
    """Return the scope that all items of an activity share in name: its path without the last number."""
    return inner(outer(path), activity(path))


def _number(path: str) -> int:
    found = _NUMBER.search(path.rpartition("/")[2])
    return int(found[1]) if found else 0


def _subjects(event: Any) -> list[str]:
    return [event.data[name] for name in _SUBJECTS if event.data.get(name)]
