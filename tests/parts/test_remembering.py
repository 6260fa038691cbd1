"""What is read of a file is remembered, unless the file is large."""

from __future__ import annotations

from engine.remembering import LARGEST, remembered


def test_a_file_is_read_once_under_each_name_and_a_large_one_each_time() -> None:
    asked: list[tuple[int, str]] = []

    @remembered(most=2)
    def read(source: bytes, name: str) -> tuple[int, str]:
        asked.append((len(source), name))
        return asked[-1]

    small, large = b"x" * LARGEST, b"x" * (LARGEST + 1)
    assert [read(it, "a") for it in (small, small, large, large)] == [
        *[(LARGEST, "a")] * 2,
        *[(LARGEST + 1, "a")] * 2,
    ]
    read(small, "b")
    assert asked == [(LARGEST, "a"), (LARGEST + 1, "a"), (LARGEST + 1, "a"), (LARGEST, "b")]
