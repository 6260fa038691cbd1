"""Remembering what was read of a file, so that packs and tickets that share it don't read it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

LARGEST = 256 << 10

_Rest = ParamSpec("_Rest")
_Read = TypeVar("_Read")
_Reader = Callable[Concatenate[bytes, _Rest], _Read]


def remembered(most: int) -> Callable[[_Reader[_Rest, _Read]], _Reader[_Rest, _Read]]:
    """Keep the last `most` results of a function whose first argument is a file; nobody may change them.

    A file over a quarter of a megabyte is read anew each time: what is read of one is many times its bytes, so that
    a few dozen, which anybody may have checked, would fill the memory.
    """

    def remembering(read: _Reader[_Rest, _Read]) -> _Reader[_Rest, _Read]:
        kept = lru_cache(most)(read)

        @wraps(read)
        def reading(source: bytes, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> _Read:
            return (kept if len(source) <= LARGEST else read)(source, *args, **kwargs)

        return reading

    return remembering
