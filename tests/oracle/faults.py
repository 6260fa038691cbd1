"""Faults that engines have had, each put into a copy of the oracle, and the theme of the models that show it."""

from __future__ import annotations

from .expressions import Value
from .interpreter import Instance
from .model import Activity, Exclusive, Flow, Inclusive, Many, Node
from .state import Frame, Memory, Place, Stay, Wait
from .triggers import Error, Escalation, Message, Trigger
from .values import BEGIN


class JoinCountsTokensNotFlows(Instance):
    def all_are_there(self, place: Place, incoming: list[str]) -> bool:
        complete = sum(place.parked[flow] for flow in incoming) >= len(incoming)
        if complete:
            place.parked.update(flow for flow in incoming if not place.parked[flow])
        return complete


class JoinForgetsExtraTokens(Instance):
    def all_are_there(self, place: Place, incoming: list[str]) -> bool:
        place.parked.update({flow: 1 - place.parked[flow] for flow in incoming if place.parked[flow] > 1})
        return super().all_are_there(place, incoming)


class ExclusiveTakesTheLastTrueFlow(Instance):
    def first_true(self, node: Exclusive, flows: list[Flow], frame: Frame) -> Flow:
        true = [flow for flow in flows if flow.when and flow.when.evaluate(frame.visible()) is True]
        return true[-1] if true else super().first_true(node, flows, frame)


class InclusiveWaitsForEverybody(Instance):
    """Any token elsewhere makes it wait."""

    def is_ready(self, place: Place, node: Inclusive) -> bool:
        return super().is_ready(place, node) and not place.stays


class InclusiveWaitsForNobody(Instance):
    def is_ready(self, place: Place, node: Inclusive) -> bool:
        return bool(self.incoming(place, node)[0])


class ImplicitSplitTakesTheFirst(Instance):
    def flows_out(self, stay: Stay) -> list[Flow]:
        flows = super().flows_out(stay)
        return flows[:1] if isinstance(stay.node, Activity) else flows


class EventGatewayGoesOnListening(Instance):
    def decide_gateway(self, wait: Wait, stay: Stay, brought: dict[str, Value]) -> None:
        super().decide_gateway(wait, stay, brought)
        stay.waits.remove(wait)
        if stay.waits:
            stay.place.stays.append(stay)


class TerminateSparesMovingTokens(Instance):
    def clear(self, place: Place, but: Stay | None = None) -> None:
        moving = self.moving
        super().clear(place, but)
        self.moving = moving

    def remove(self, stay: Stay) -> None:
        if stay in (
            stay.parent.inside if stay.parent else stay.place.stays
        ):  # its place may be cleared by now
            super().remove(stay)


class InterruptionSparesTheInside(Instance):
    def cancel_stay(self, stay: Stay) -> None:
        inside = list(stay.inner.stays) if stay.inner else []
        super().cancel_stay(stay)
        stay.place.stays.extend(inside)


class MessageBoundaryCatchesOnce(Instance):
    def again(self, wait: Wait) -> bool:
        return super().again(wait) and not isinstance(wait.trigger, Message)


class MissedRoundsFireOneByOne(Instance):
    def again(self, wait: Wait) -> bool:
        rounds = wait.rounds_done + 1
        goes_on = super().again(wait)
        wait.rounds_done = rounds
        return goes_on


class TimersCountFromTheStart(Instance):
    def arm(self, stay: Stay, node: Node, trigger: Trigger) -> None:
        super().arm(stay, node, trigger)
        stay.waits[-1].armed = BEGIN


class SignalsReachOne(Instance):
    def spread(self, signal: str, payload: dict[str, Value]) -> None:
        for wait in [each for each in self.all_waits() if getattr(each.trigger, "name", None) == signal][:1]:
            self.trigger(wait, payload)


class SiblingsCatchErrors(Instance):
    def catcher(self, stay: Stay, thrown: Error | Escalation) -> Wait | None:
        for wait in self.all_waits():
            if type(wait.trigger) is type(thrown) and wait.trigger.code in (None, thrown.code):
                return wait
        return None


class UncaughtErrorsAreLetGo(Instance):
    def throw_error(self, stay: Stay, error: Error) -> None:
        if self.catcher(stay, error):
            super().throw_error(stay, error)
        else:
            self.finish(stay, {})


class CatchAllComesFirst(Instance):
    def catcher(self, stay: Stay, thrown: Error | Escalation) -> Wait | None:
        return super().catcher(stay, type(thrown)(None)) or super().catcher(stay, thrown)


class ConditionsAreAskedAtTheEnd(Instance):
    """Only when all has come to rest, so that what was true in between is missed."""

    def ask_conditions(self) -> bool:
        return not self.moving and super().ask_conditions()


class ConditionsTriggerOnce(Instance):
    """Not again when they have been false in between."""

    def ask_conditions(self) -> bool:
        held = [wait for wait in self.all_waits() if wait.held]
        triggered = super().ask_conditions()
        for wait in held:
            wait.held = True
        return triggered


class EventSubProcessesNeverInterrupt(Instance):
    def start_event_sub(self, wait: Wait, place: Place, brought: dict[str, Value]) -> None:
        stays, listeners = list(place.stays), list(place.listeners)
        super().start_event_sub(wait, place, brought)
        place.stays[:] = stays
        place.listeners[:] = listeners


class EventSubProcessesStayArmed(Instance):
    def start_event_sub(self, wait: Wait, place: Place, brought: dict[str, Value]) -> None:
        listeners = list(place.listeners)
        super().start_event_sub(wait, place, brought)
        place.listeners[:] = listeners


class SubProcessesKeepWhatTheyWrite(Instance):
    def begin(self, stay: Stay, brought: dict[str, Value] | None = None) -> None:
        stay.frame = Keeping(stay.frame.outer, stay.frame.names)
        super().begin(stay, brought)


class Keeping(Frame):
    def assign(self, name: str, value: Value) -> None:
        self.names[name] = value


class ScopesCloseOverWaitingJoins(Instance):
    def is_finished(self, place: Place) -> bool:
        if not place.stays and not any(token.place is place for token in self.moving):
            place.parked.clear()
        return super().is_finished(place)


class CallsSeeTheCaller(Instance):
    def arm_event_subs(self, place: Place) -> None:
        if place.owner and place.frame.outer is None:
            place.frame.outer = place.owner.frame
        super().arm_event_subs(place)


class HandlersRunForwards(Instance):
    def memories_of(self, place: Place, activity: str | None = None) -> list[tuple[Place, Memory]]:
        return super().memories_of(place, activity)[::-1]


class HandlersSeeOnlyNow(Instance):
    def remember(self, stay: Stay) -> None:
        super().remember(stay)
        for memory in stay.place.memories:
            memory.seen = {}


class FinishedSubProcessesAreForgotten(Instance):
    def remember(self, stay: Stay) -> None:
        stay.closed = None
        super().remember(stay)


class InterruptedIsUndoneToo(Instance):
    def cancel_stay(self, stay: Stay) -> None:
        super().cancel_stay(stay)
        self.remember(stay)


class NullItemsAreSkipped(Instance):
    def next_child(self, stay: Stay, rule: Many) -> None:
        state = stay.repeating
        while None in state.items and rule.collection and len(state.items) > 1:
            state.items.remove(None)
            state.results.pop()
        if state.following < len(state.items):
            super().next_child(stay, rule)


class ResultsComeInOrderOfCompletion(Instance):
    def child_done(self, child: Stay) -> None:
        body, state = child.parent, child.parent.repeating
        super().child_done(child)
        if state.results and body.is_alive:
            state.results.insert(state.done - 1, state.results.pop(child.number - 1))


class CompletionIsAskedBeforehand(Instance):
    """The child that is just done doesn't count."""

    def is_enough(self, child: Stay, completion: object) -> bool:
        child.parent.repeating.done -= 1
        enough = super().is_enough(child, completion)
        child.parent.repeating.done += 1
        return enough


class LoopsRunOnceMore(Instance):
    def next_round(self, stay: Stay, rule: object) -> None:
        if rule.most is not None and stay.repeating.done == rule.most and stay.repeating.following == 0:
            stay.repeating.following = 1
            self.send_child(stay, rule.most + 1, {"loopCounter": rule.most + 1})
        else:
            super().next_round(stay, rule)


class RetriesForgetTheResults(Instance):
    def fail(self, stay: Stay, phase: str, results: dict[str, Value]) -> None:
        super().fail(stay, phase, {})


FAULTS: list[tuple[str, type[Instance]]] = [
    ("gateways", JoinCountsTokensNotFlows),
    ("gateways", JoinForgetsExtraTokens),
    ("gateways", ExclusiveTakesTheLastTrueFlow),
    ("inclusive", InclusiveWaitsForEverybody),
    ("inclusive", InclusiveWaitsForNobody),
    ("implicit", ImplicitSplitTakesTheFirst),
    ("races", EventGatewayGoesOnListening),
    ("implicit", TerminateSparesMovingTokens),
    ("messages", InterruptionSparesTheInside),
    ("messages", MessageBoundaryCatchesOnce),
    ("timers", MissedRoundsFireOneByOne),
    ("timers", TimersCountFromTheStart),
    ("signals", SignalsReachOne),
    ("errors", SiblingsCatchErrors),
    ("errors", UncaughtErrorsAreLetGo),
    ("escalations", CatchAllComesFirst),
    ("conditions", ConditionsAreAskedAtTheEnd),
    ("conditions", ConditionsTriggerOnce),
    ("event_subs", EventSubProcessesNeverInterrupt),
    ("event_subs", EventSubProcessesStayArmed),
    ("calls", SubProcessesKeepWhatTheyWrite),
    ("gateways", ScopesCloseOverWaitingJoins),
    ("calls", CallsSeeTheCaller),
    ("compensation", HandlersRunForwards),
    ("compensation", HandlersSeeOnlyNow),
    ("compensation", FinishedSubProcessesAreForgotten),
    ("compensation", InterruptedIsUndoneToo),
    ("multi_instance", NullItemsAreSkipped),
    ("multi_instance", ResultsComeInOrderOfCompletion),
    ("multi_instance", CompletionIsAskedBeforehand),
    ("loops", LoopsRunOnceMore),
    ("cycles", RetriesForgetTheResults),
]
