"""What tokens can do in a diagram, explored before anybody runs it: deadlocks, dead elements, loops without an end.

`check_flow` plays the token game of each level of each process, without variables: whatever a condition, a person,
the clock or a sender may decide is tried. It judges diagrams that `check_diagram` accepts; bounded, in counts of
states and not in seconds, so that the same diagram always gets the same findings. What it can't see stands in
docs/decisions/0018-lint-explores-states.md.
"""

from __future__ import annotations

from engine.flow.arrows import arrows
from engine.flow.check import check_flow, lint

__all__ = ["arrows", "check_flow", "lint"]
