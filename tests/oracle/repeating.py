"""Repetition: once for each item, so many times, or as long as a condition holds."""

from __future__ import annotations

from .expressions import ODD, Expression, Name, Value
from .gateways import holds
from .model import Activity, Many, Rounds
from .state import Failed, Frame, Repeating, Stay, Token


class Repetition:
    """Runs the children of a repeated activity, each in a frame of its own, and collects what they yield."""

    def begin_repeated(self, stay: Stay) -> None:
        """Send the first children; where there are none, the boundary events never wait."""
        rule = repetition(stay)
        if isinstance(rule, Rounds):
            stay.repeating = Repeating([], [])
            if self.may_begin(stay, rule):
                self.arm_boundaries(stay)
            self.next_round(stay, rule)
            return
        items = the_items(rule, stay.around.visible())
        stay.repeating = Repeating(items, [None] * len(items))
        if not items:
            self.all_done(stay)
            return
        self.arm_boundaries(stay)
        for _ in items[:1] if rule.sequential else items:
            self.next_child(stay, rule)

    # --- multi-instance ----------------------------------------------------------------------------------

    def next_child(self, stay: Stay, rule: Many) -> None:
        state = stay.repeating
        item = state.items[state.following]
        state.following += 1
        own: dict[str, Value] = {"loopCounter": state.following}
        if rule.collection and rule.item:
            own[rule.item] = item
        if isinstance(rule.result, Name):
            own.setdefault(rule.result.name, None)
        self.send_child(stay, state.following, own)

    def send_child(self, stay: Stay, number: int, own: dict[str, Value]) -> None:
        around = Frame(stay.around, own)
        self.moving.append(Token(stay.place, stay.node, around=around, parent=stay, number=number))

    def child_done(self, child: Stay) -> None:
        """Take a child that is complete away; go on with the next ones, or beyond the last."""
        body, rule = child.parent, repetition(child)
        if isinstance(rule, Rounds):
            self.round_done(body, child, rule)
            return
        state, seen = body.repeating, child.frame.visible()
        result = rule.result.evaluate(seen) if rule.result else None
        if result is ODD:
            raise Failed(f"Expected a result of {child.step} that can be kept, but it is none.")
        enough = rule.completion is not None and self.is_enough(child, rule.completion)
        state.results[child.number - 1] = result
        state.done += 1
        self.remember(child)
        self.remove(child)
        if enough or state.done == len(state.items):
            self.all_done(body)
        elif rule.sequential:
            self.next_child(body, rule)

    def is_enough(self, child: Stay, completion: Expression) -> bool:
        """Ask the completion condition as if the child was already done."""
        state = child.parent.repeating
        counts: dict[str, Value] = {
            "numberOfInstances": len(state.items),
            "numberOfCompletedInstances": state.done + 1,
            "numberOfActiveInstances": state.following - state.done - 1,
            "numberOfTerminatedInstances": 0,
        }
        return holds(completion, Frame(child.frame, counts), child.node)

    def all_done(self, stay: Stay) -> None:
        """End the children that are left, write the results and leave."""
        for child in list(stay.inside):
            self.cancel_stay(child)
        self.moving = [token for token in self.moving if token.parent is not stay]
        rule = repetition(stay)
        if isinstance(rule, Many) and rule.results:
            stay.around.assign(rule.results, stay.repeating.results)
        self.leave(stay)

    # --- standard loops ----------------------------------------------------------------------------------

    def next_round(self, stay: Stay, rule: Rounds) -> None:
        """Begin a round, unless there were enough, or the condition is asked before it and no longer holds."""
        if self.may_begin(stay, rule):
            number = stay.repeating.done + 1
            self.send_child(stay, number, {"loopCounter": number})
        else:
            self.all_done(stay)

    def may_begin(self, stay: Stay, rule: Rounds) -> bool:
        number = stay.repeating.done + 1
        if rule.most is not None and number > rule.most:
            return False
        seen = Frame(stay.around, {"loopCounter": number})
        return not rule.before or rule.when is None or holds(rule.when, seen, stay.node)

    def round_done(self, stay: Stay, child: Stay, rule: Rounds) -> None:
        ends = not rule.before and rule.when is not None and not holds(rule.when, child.frame, child.node)
        stay.repeating.done += 1
        self.remember(child)
        self.remove(child)
        if ends:
            self.all_done(stay)
        else:
            self.next_round(stay, rule)


def repetition(stay: Stay) -> Many | Rounds:
    assert isinstance(stay.node, Activity) and stay.node.repeated
    return stay.node.repeated


def the_items(rule: Many, seen: dict[str, Value]) -> list[Value]:
    """Return an item for each child; of a cardinality they are all null."""
    if rule.collection:
        items = rule.collection.evaluate(seen)
        if not isinstance(items, list):
            raise Failed(f"Expected {rule.collection.feel()} to be a list, but it is {items!r}.")
        return items
    assert rule.cardinality
    count = rule.cardinality.evaluate(seen)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise Failed(f"Expected {rule.cardinality.feel()} to be a whole number, but it is {count!r}.")
    return [None] * count
