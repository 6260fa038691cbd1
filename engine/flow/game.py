"""The token game on a board: from one state to the next ones.

A state holds where tokens stand, nothing of variables. Of several tokens that could move only one does, the one
with the lowest place, in all its ways: what moves elsewhere meanwhile is moved afterwards, and the order makes no
difference to where tokens can end up. Only where it can do nothing but go back is another moved as well, so that none
waits for a loop that goes round for ever (a partial-order reduction; see
docs/decisions/0018-lint-explores-states.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from engine.flow.board import Board, Turn
from engine.flow.ways import Option
from engine.spiff import Element

MOST_TOKENS = 3
"""Of one place; where a loop makes ever more tokens, further ones change nothing."""

MOST_BESIDE = 2
"""How many non-interrupting boundary events fire on one path, of those that lead back into the main paths."""

TERMINATED, THROWN = -1, -2
"""Places that stand for a level that was ended with everything in it, by an end event or by what it threw."""


class State(NamedTuple):
    """Tokens by place, in order; the boundary events that fired beside hosts that wait, and how many did in all."""

    tokens: tuple[int, ...]
    fired: frozenset[str] = frozenset()
    beside: int = 0

    @property
    def is_final(self) -> bool:
        """Say whether the level is over."""
        return not self.tokens or self.was_cut_short

    @property
    def was_cut_short(self) -> bool:
        """Say whether the level is over whatever else was in it."""
        return bool(self.tokens) and self.tokens[0] < 0


class Move(NamedTuple):
    """A step to a state: the place it began at, what was decided, and the ids it passed.

    `cut` says that a token was dropped because there were too many of its kind.
    """

    state: State
    place: int
    option: Option | None
    shown: tuple[str, ...]
    cut: bool = False


class Game:
    """Moves on one board."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._kinds = [self._kind(node) for node in board.nodes]
        self._inclusive = [
            it
            for it in board.level.nodes.values()
            if it.type == "inclusiveGateway" and board.level.is_join(it)
        ]

    def moves(self, state: State) -> list[Move]:
        """Return the moves to be looked at in a state; none where the level is over or every token is stuck."""
        if state.is_final:
            return []
        found: list[Move] = []
        tried: set[str] = set()
        for place in dict.fromkeys(state.tokens):
            node = self.board.nodes[place]
            if self._kinds[place] and node.id in tried:
                continue
            tried.add(node.id)
            here = self._play(state, place, node)
            found += here
            ends_all = all(move.state.is_final for move in here)
            if not ends_all and not self.board.retreats[place]:
                break
        return found + self._joined_early(state, tried)

    def filled(self, state: State, node: Element) -> tuple[int, ...]:
        """Return the flows into a join that have a token."""
        low, high = self.board.span[node.id]
        tokens = state.tokens
        return tuple(dict.fromkeys(tokens[bisect_left(tokens, low) : bisect_left(tokens, high)]))

    def empty(self, state: State, node: Element) -> list[int]:
        """Return the flows into a join that have no token."""
        filled = set(self.filled(state, node))
        return [place for place in range(*self.board.span[node.id]) if place not in filled]

    def hopeless(self, state: State, join: Element) -> list[int]:
        """Return the flows into a parallel join that have no token and to which none can come any more.

        While something that still moves may end the whole level, it isn't said of any join in it.
        """
        board = self.board
        empty = self.empty(state, join)
        missing = sum(board.awaited[place] for place in empty)
        for place in state.tokens:
            elsewhere = board.nodes[place] is not join
            if not missing or (elsewhere and board.reach[place] & board.ending):
                return []
            if elsewhere:
                missing &= ~board.reach[place]
        return [place for place in empty if board.awaited[place] & missing]

    def _kind(self, node: Element) -> str:
        return node.type if self.board.level.is_join(node) else ""

    def _play(self, state: State, place: int, node: Element) -> list[Move]:
        board = self.board
        if place == board.place[node.id]:
            return self._leave_host(state, place, node)
        taken: tuple[int, ...] = (place,)
        if self._kinds[place]:
            if not self._can_join(state, node):
                return []
            taken = self.filled(state, node)
        rest = state._replace(tokens=_without(state.tokens, taken))
        if node.id in board.merging or not board.turns[node.id]:
            stand = Turn((board.place[node.id],), None, (), None)
            return [_moved(rest, place, stand, (node.id,))]
        return [_moved(rest, place, turn, (node.id,)) for turn in board.turns[node.id]]

    def _leave_host(self, state: State, place: int, node: Element) -> list[Move]:
        """Let a token at an activity go on, or a branch begin beside it."""
        events = self.board.merging.get(node.id, [])
        fired = state.fired & {event.id for event in events}
        after = state._replace(tokens=_without(state.tokens, (place,)), fired=state.fired - fired)
        done = ("done", node.id, *sorted(fired))
        found = []
        for turn in self.board.turns[node.id]:
            move = _moved(after, place, turn)
            found.append(move if turn.option else move._replace(option=done))
        if state.beside < MOST_BESIDE:
            for event in (it for it in events if it.id not in fired):
                beside = State(state.tokens, state.fired | {event.id}, state.beside + 1)
                found.append(_moved(beside, place, self.board.turn_across(event)))
        return found

    def _can_join(self, state: State, node: Element) -> bool:
        empty = self.empty(state, node)
        if not empty or node.type == "parallelGateway":
            return not empty
        return self._may_merge(state, node, empty)

    def _may_merge(self, state: State, node: Element, empty: list[int]) -> bool:
        """Say whether an inclusive join may go on (BPMN 2.0.2 §13.4.3): whatever is under way to an empty flow of it
        could come to a filled one, too."""
        low, high = self.board.span[node.id]
        reaching = self.board.leading_to(tuple(empty), around=node.id)
        filling = self.board.leading_to(self.filled(state, node), around=node.id)
        elsewhere = (place for place in state.tokens if not low <= place < high)
        return not any(place in reaching and place not in filling for place in elsewhere)

    def _joined_early(self, state: State, tried: set[str]) -> list[Move]:
        """Return the moves of inclusive joins that need not wait until all that could move has moved.

        Of a parallel join it makes no difference when it goes on. An inclusive one is asked whenever nothing moves
        by itself, and what comes later comes for another round.
        """
        if not self._inclusive or not all(self._rests(place) for place in state.tokens):
            return []
        found: list[Move] = []
        for node in self._inclusive:
            filled = self.filled(state, node)
            if filled and node.id not in tried:
                found += self._play(state, filled[0], node)
        return found

    def _rests(self, place: int) -> bool:
        node = self.board.nodes[place]
        return bool(self._kinds[place]) or not self.board.known.of(node).at_once


def _moved(rest: State, place: int, turn: Turn, before: tuple[str, ...] = ()) -> Move:
    """Return the move that puts a turn's tokens on the board; `rest` is the state without those that it took."""
    shown = before + turn.shown
    if turn.over:
        ended = State((THROWN if turn.over == "thrown" else TERMINATED,))
        return Move(ended, place, turn.option, shown)
    tokens = tuple(sorted(rest.tokens + turn.places))
    crowded = [it for it in turn.places if it in rest.tokens and tokens.count(it) > MOST_TOKENS]
    if crowded:
        tokens = _without(tokens, crowded)
    return Move(rest._replace(tokens=tokens), place, turn.option, shown, bool(crowded))


def _without(tokens: tuple[int, ...], taken: Iterable[int]) -> tuple[int, ...]:
    left = list(tokens)
    for place in taken:
        left.remove(place)
    return tuple(left)
