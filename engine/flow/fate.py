"""What a state comes to whatever is decided later, and the decisions that make it certain.

A decision is to blame where it comes to nothing good however everything else is decided. Where two gateways must
disagree for it, data may keep them from it: two gateways that ask the same question never do.
"""

from __future__ import annotations

from engine.flow.exploring import Explored
from engine.flow.graph import closure


def stuck_for_certain(found: Explored) -> set[int]:
    """Return the states from which every way leads to a join that can't be completed."""
    might = found.leading_to(found.stuck)
    safe = (set(range(len(found.states))) - might | found.cut) - found.stuck.keys()
    return might - found.leading_to(safe, avoid=found.stuck)


def endless(found: Explored) -> set[int]:
    """Return the states from which the level can't end, though no join is stuck."""
    ending = found.leading_to([*found.finals, *found.cut, *found.stuck])
    return set(range(len(found.states))) - ending


def by_one_decision(found: Explored, fate: set[int]) -> set[int]:
    """Return the states of a fate at which one can be without further help of chance: from the beginning, or behind
    a decision that always comes to it. What conditions of an inclusive choice decide together doesn't count."""
    certain = {number for number in (*found.roots, *found.branches) if number in fate}
    for option, edges in found.options.items():
        if option[0] != "subset" and all(target in fate for _, target in edges):
            certain.update(target for _, target in edges)
    return closure(certain, found.edges.__getitem__)
