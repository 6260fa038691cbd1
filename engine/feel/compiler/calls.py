"""Calling functions and defining them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Unit, compiles
from engine.feel.evaluation import Compiled, Run, Scope
from engine.feel.kinds import Function, Parameter, type_of
from engine.feel.types import MISMATCH, coerce


@compiles(ast.Call)
def call(node: ast.Call, unit: Unit) -> Compiled:
    """`f(a, b)` and `f(x: a, y: b)`."""
    function, site = unit.compile(node.function), unit.site(node)
    arguments, names = [unit.compile(argument) for argument in node.arguments], node.names
    called = node.function.name if isinstance(node.function, ast.Name) else "the function"

    def invoke(scope: Scope) -> Any:
        target = function(scope)
        values = [argument(scope) for argument in arguments]
        if not isinstance(target, Function):
            if target is None:
                return site.warn(scope.run, f"Expected {called} to be a function but it is null")
            return site.warn(scope.run, f"Expected {called} to be a function but it is a {type_of(target)}")
        before = len(scope.run.warnings)
        result = target.call(scope.run, values if names is None else _named(names, values))
        _locate(scope.run, before, unit, node)
        return result

    return invoke


_LOCATED = re.compile(r"^In |\(line \d+, column \d+\)$")


def _named(names: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def _locate(run: Run, before: int, unit: Unit, node: ast.Node) -> None:
    """Add the position of this call to what a built-in function warned of; it knows none itself."""
    for index in range(before, len(run.warnings)):
        if not _LOCATED.search(run.warnings[index]):
            line, column = unit.source.position(node.at)
            run.warnings[index] += f" (line {line}, column {column})"


@compiles(ast.FunctionOf)
def function_of(node: ast.FunctionOf, unit: Unit) -> Compiled:
    """`function(a, b) body`; the body sees the scope in which the function was defined."""
    parameters = tuple(Parameter(name, kind) for name, kind in node.parameters)
    body = unit.compile(node.body)
    return lambda scope: closure("function", parameters, lambda values: body(scope.inner(values)))


def closure(name: str, parameters: tuple[Parameter, ...], body: Any, result: Any = None) -> Function:
    """Return a function value; `body` receives the bound arguments as a dict."""

    def invoke(run: Run, arguments: Sequence[Any] | dict[str, Any]) -> Any:
        bound = bind(name, parameters, arguments, run)
        if bound is None:
            return None
        run.enter()
        value = body(bound)
        run.calls -= 1
        return value

    return Function(name, parameters, invoke, result)


def bind(
    name: str, parameters: tuple[Parameter, ...], arguments: Sequence[Any] | dict[str, Any], run: Run
) -> dict[str, Any] | None:
    """Return the arguments by name, as the parameters' types want them; None with a warning if they don't fit."""
    wanted = [parameter.name for parameter in parameters]
    given = arguments if isinstance(arguments, dict) else dict(zip(wanted, arguments, strict=False))
    if len(arguments) != len(wanted) or set(given) != set(wanted):
        run.warn(f"Expected {name} to be called with ({', '.join(wanted)}) but it got {_got(arguments)}")
        return None
    bound = {}
    for parameter in parameters:
        value = given[parameter.name]
        bound[parameter.name] = value if parameter.type is None else coerce(value, parameter.type)
        if bound[parameter.name] is MISMATCH:
            run.warn(f"Expected another type for {parameter.name} of {name} but it got a {type_of(value)}")
            return None
    return bound


def _got(arguments: Sequence[Any] | dict[str, Any]) -> str:
    return f"({', '.join(arguments)})" if isinstance(arguments, dict) else f"{len(arguments)} values"
