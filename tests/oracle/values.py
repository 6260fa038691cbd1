"""Draws values, expressions and mappings.

Each name holds one kind of value: `x y z r` numbers, `b` truth, `s` the key of a message, `t` the text of a duration
(or of none), `l` a list of numbers and nulls.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from .events import SPANS
from .expressions import Assignments, Below, Const, Equals, Name, OddAt, Plus, Value
from .triggers import After, Asked, At, Every

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

numbers = st.integers(0, 3)
texts_of_spans = st.sampled_from([*SPANS, "soon"])
lists = st.lists(st.one_of(numbers, st.none()), max_size=3)
certain = st.one_of(
    st.builds(Equals, st.just("x"), numbers),
    st.builds(Equals, st.just("b"), st.booleans()),
    st.builds(Equals, st.just("y"), numbers),
)
conditions = st.one_of(certain, st.builds(Below, st.just("x"), st.integers(1, 3)), st.just(Name("b")))
number_sources = st.one_of(
    st.builds(Const, numbers),
    st.builds(Plus, st.sampled_from("xy"), st.just(1)),
    st.builds(Name, st.sampled_from("xyr")),
    st.builds(OddAt, st.sampled_from("xy"), numbers),
)
assignments = st.one_of(
    st.tuples(st.sampled_from("xyzr"), number_sources),
    st.tuples(st.sampled_from("xyzr"), number_sources),
    st.tuples(st.just("b"), st.builds(Const, st.booleans())),
    st.tuples(st.just("t"), st.builds(Const, texts_of_spans)),
)
mappings: st.SearchStrategy[Assignments] = st.lists(
    st.one_of(assignments, st.tuples(st.just("s"), st.builds(Const, st.sampled_from(["k1", "k2"])))),
    max_size=2,
    unique_by=lambda pair: pair[0],
).map(tuple)
spans = st.sampled_from([HOUR, 2 * HOUR, 3 * HOUR])
once = st.one_of(
    st.builds(After, spans),
    st.builds(At, st.sampled_from([BEGIN + HOUR, BEGIN + 4 * HOUR])),
    st.just(Asked("t")),
)
sure = st.one_of(st.builds(After, spans), st.builds(At, st.sampled_from([BEGIN + HOUR, BEGIN + 4 * HOUR])))
cycles = st.builds(Every, spans, st.sampled_from([1, 2, 3, None]))
collections = st.one_of(
    st.just(Name("l")),
    st.builds(Const, st.lists(st.one_of(numbers, st.none()), max_size=3).map(tuple)),
)
writes: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "x": numbers,
        "y": numbers,
        "z": numbers,
        "r": numbers,
        "b": st.booleans(),
        "s": st.sampled_from(["k1", "k2"]),
        "t": texts_of_spans,
        "l": lists,
    },
)
beginnings: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {"x": numbers, "b": st.booleans(), "s": st.sampled_from(["k1", "k2"])},
    optional={"y": numbers, "t": texts_of_spans, "l": lists},
)
