"""Reading and building contexts."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run


@builtin("get value(m: context, key: string)", "get value(context: context, key: string)")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    """The value of an entry, or null."""
    return context.get(key)


@builtin("get value(context: context, keys: list<string>)")
def get_value_at(run: Run, context: dict[str, Any], keys: list[str]) -> Any:
    """The value at a path of keys, or null."""
    value: Any = context
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of contexts with `key` and `value`, in order."""
    run.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context_of(run: Run, entries: list[Any]) -> Any:
    """The context that a list of `key` and `value` describes; null if a key is missing or stands twice."""
    run.spend(len(entries))
    built: dict[str, Any] = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(key, str) or "value" not in entry or key in built:
            return run.warn(
                "Expected context(entries) to get key and value, each key once, but an entry differs"
            )
        built[key] = entry["value"]
    return built


@builtin("context put(context: context, key: string, value: Any)")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry set."""
    run.spend(len(context))
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: Any)")
def context_put_at(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    """The context with an entry set at a path of keys; contexts missing on the way are made."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return run.warn("Expected context put(context, keys, value) to get one or more keys but it did not")
    run.spend(len(context))
    first, *rest = keys
    if not rest:
        return {**context, first: value}
    inner = context.get(first, {})
    if not isinstance(inner, dict):
        return run.warn(f"Expected the entry {first} to be a context but it is not")
    built = context_put_at(run, inner, rest, value)
    return None if built is None else {**context, first: built}


@builtin("context merge(contexts: list<context>)")
def context_merge(run: Run, contexts: list[dict[str, Any]]) -> Any:
    """One context with the entries of all; the last one wins."""
    merged: dict[str, Any] = {}
    for context in contexts:
        run.spend(len(context))
        merged.update(context)
    return merged
