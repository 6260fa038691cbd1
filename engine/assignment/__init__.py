"""Load-based assignment: who gets a task of a queue that is assigned by load.

A task begins in one ticket, who has least to do is known only across all of them. So the task's begin asks for an
assignment through the outbox, and what is decided comes back as the ordinary command that a lead would give. Choosing
is pure (`choosing.py`); reading, deciding and telling happen for one task of a desk at a time (`assigning.py`).
"""

from engine.assignment.assigning import Assigning, Wanted
from engine.assignment.choosing import Candidate, Choice, choose

__all__ = ["Assigning", "Candidate", "Choice", "Wanted", "choose"]
