"""What an operation is: a name, what it takes and answers, the errors it may raise, and a function over a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFound
from engine.records.book import Book
from engine.records.errors import CODES
from engine.records.inputs import Inputs

Doing = Callable[[Book, Inputs], Mapping[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One operation. `optional` inputs may be missing or null; one that only `reads` is kept under no key."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    answers: tuple[str, ...]
    errors: tuple[str, ...]
    reads: bool
    does: str
    function: Doing

    @property
    def area(self) -> str:
        """What stands before the dot."""
        return self.name.partition(".")[0]

    def __call__(self, book: Book, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Do it. Raises BpmnError with one of `errors`, InvalidInput for an input that is missing or none such."""
        return dict(self.function(book, Inputs(self.name, inputs)))


OPERATIONS: dict[str, Operation] = {}


def operation(
    name: str, takes: str, answers: str, errors: str = "", *, reads: bool = False
) -> Callable[[Doing], Doing]:
    """Register a function as an operation; inputs that may be missing end in `?`. Its docstring says what it does."""

    def register(function: Doing) -> Doing:
        inputs, codes = takes.split(), tuple(sorted(errors.split()))
        assert name not in OPERATIONS and set(codes) <= set(CODES), name
        OPERATIONS[name] = Operation(
            name,
            needed=tuple(it for it in inputs if not it.endswith("?")),
            optional=tuple(it.removesuffix("?") for it in inputs if it.endswith("?")),
            answers=tuple(answers.split()),
            errors=codes,
            reads=reads,
            does=" ".join((function.__doc__ or "").split()),
            function=function,
        )
        return function

    return register


def operation_of(name: str) -> Operation:
    """Return an operation by its name. Raises NotFound."""
    if name in OPERATIONS:
        return OPERATIONS[name]
    area = name.partition(".")[0]
    known = ", ".join(it for it in OPERATIONS if it.startswith(f"{area}.")) or ", ".join(OPERATIONS)
    raise NotFound(f"Expected an operation on records such as {known}, but there is no “{name}”.")
