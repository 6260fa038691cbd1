"""All states of one level, breadth first, with the shortest way to each.

Beside the level's own beginnings, each branch that begins beside an activity and never meets the main paths is a
beginning, found when its host is first entered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from engine.flow.board import Board
from engine.flow.game import Game, Move, State
from engine.flow.graph import closure, reversed_edges
from engine.flow.ways import Option

MOST_STATES = 10_000
"""Of one level. A path of 2,000 tasks has as many; beyond, nothing is said of what was not seen."""


@dataclass
class Explored:
    """What was found of a level; states are numbered in the order in which they were reached."""

    board: Board
    game: Game
    states: list[State] = field(default_factory=list)
    came: list[tuple[int | None, Move]] = field(default_factory=list)
    """For each state the one before it and the move that first led to it."""
    edges: list[list[int]] = field(default_factory=list)
    options: dict[Option, list[tuple[int, int]]] = field(default_factory=dict)
    """For each decision the edges on which it was made."""
    entered: dict[str, tuple[int | None, Move]] = field(default_factory=dict)
    """For each node the state and the move by which it was first entered; of a join, by which it was completed."""
    roots: list[int] = field(default_factory=list)
    """The states in which the level itself may begin."""
    branches: list[int] = field(default_factory=list)
    """The states in which branches beside it begin."""
    stuck: dict[int, list[str]] = field(default_factory=dict)
    """The joins that can't be completed any more, by state."""
    cut: set[int] = field(default_factory=set)
    """The states of which not every following one is known."""
    whole: bool = True
    """Whether every state was looked at."""

    def path(self, state: int | None, near: Callable[[int], bool] = lambda place: True) -> tuple[str, ...]:
        """Return the ids on the way to a state, those only that were passed from a place that is `near`."""
        steps: list[tuple[str, ...]] = []
        while state is not None:
            before, move = self.came[state]
            if before is None or near(move.place):
                steps.append(move.shown)
            state = before
        return tuple(id for step in reversed(steps) for id in step)

    def way_into(self, node: str) -> tuple[str, ...]:
        """Return the ids on the way to a node, itself the last; only itself where no way leads there."""
        if node not in self.entered:
            return (node,)
        before, move = self.entered[node]
        return (*self.path(before), *move.shown[: move.shown.index(node) + 1])

    def stuck_at(self, join: str) -> int | None:
        """Return the first state in which a join can't be completed any more, None where there is none."""
        return next((state for state, joins in self.stuck.items() if join in joins), None)

    def leading_to(self, states: Collection[int], avoid: Collection[int] = ()) -> set[int]:
        """Return the states from which one of these can be reached, without passing one to be avoided."""
        back = reversed_edges(self.edges)
        return closure(states, lambda state: (it for it in back[state] if it not in avoid))

    @property
    def finals(self) -> list[int]:
        """The states in which the level is over."""
        return [number for number, state in enumerate(self.states) if state.is_final]


def explore(board: Board) -> Explored:
    """Play everything that can happen on a board."""
    found = Explored(board, Game(board))
    return _Search(found).run()


class _Search:
    def __init__(self, found: Explored) -> None:
        self.found = found
        self.numbers: dict[State, int] = {}

    def run(self) -> Explored:
        found, level = self.found, self.found.board.level
        for start in level.starts:
            for turn in found.board.turns[start.id]:
                move = Move(State(tuple(sorted(turn.places))), -1, None, (start.id, *turn.shown))
                self.found.roots.append(self._reach(None, move))
                self._enter(None, move)
        number = 0
        while number < len(found.states):
            if number >= MOST_STATES:
                found.whole = False
                found.cut.update(range(number, len(found.states)))
                break
            self._expand(number)
            number += 1
        return found

    def _expand(self, number: int) -> None:
        found = self.found
        moves = found.game.moves(found.states[number])
        for move in moves:
            target = self._reach(number, move)
            found.edges[number].append(target)
            if move.option is not None:
                found.options.setdefault(move.option, []).append((number, target))
            if move.cut:
                found.cut.add(number)
            self._enter(number, move)
        stuck = self._stuck(found.states[number], bool(moves))
        if stuck:
            found.stuck[number] = stuck

    def _reach(self, before: int | None, move: Move) -> int:
        number = self.numbers.get(move.state)
        if number is None:
            number = self.numbers[move.state] = len(self.found.states)
            self.found.states.append(move.state)
            self.found.came.append((before, move))
            self.found.edges.append([])
        return number

    def _enter(self, before: int | None, move: Move) -> None:
        board = self.found.board
        for id in move.shown:
            if id in board.level.nodes and id not in self.found.entered:
                self.found.entered[id] = before, move
                for event in board.alone.get(id, ()):
                    self._begin_beside(before, move, id, event.id)

    def _begin_beside(self, before: int | None, move: Move, host: str, event: str) -> None:
        board = self.found.board
        shown = (*move.shown[: move.shown.index(host) + 1], event)
        for way in board.turns[event]:
            begin = Move(State(tuple(sorted(way.places))), move.place, None, shown)
            self.found.branches.append(self._reach(before, begin))
            self._enter(before, begin)

    def _stuck(self, state: State, moves: bool) -> list[str]:
        """Return the joins that have a token and wait for one that no other token can ever become."""
        board = self.found.board
        waiting = dict.fromkeys(board.nodes[it].id for it in state.tokens if it in board.awaited)
        joins = [board.level.nodes[id] for id in waiting]
        if not moves and all(place in board.awaited for place in state.tokens):
            return [node.id for node in joins]
        return [it.id for it in joins if it.type == "parallelGateway" and self.found.game.hopeless(state, it)]
