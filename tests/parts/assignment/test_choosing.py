"""Who gets a task: for any people and any wishes the choice keeps its order, and says why."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assignment import Candidate, choose

SKILLS = ("network", "billing", "voice")
MOMENTS = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC))
FACTS = st.tuples(st.sets(st.sampled_from(SKILLS)), st.integers(0, 3), MOMENTS)


def person(number: int, skills: object = (), open: int = 0, last: datetime | None = None) -> Candidate:
    return Candidate(UUID(int=number), f"p{number:03}", f"Person {number}", frozenset(skills), open, last)


CREWS = st.lists(FACTS, max_size=6).map(lambda rows: [person(i, *row) for i, row in enumerate(rows)])
WISHES = st.sets(st.sampled_from(SKILLS)).map(sorted)


def waits_longer(one: Candidate, other: Candidate) -> bool:
    return one.last is None or (other.last is not None and one.last < other.last)


@given(CREWS, WISHES)
def test_nobody_who_fits_better_is_passed_over(crew: list[Candidate], wanted: list[str]) -> None:
    choice = choose(crew, wanted)
    assert (choice is None) == (not crew)
    for other in crew if choice else ():
        chosen = choice.person
        can, also = (set(wanted) <= set(it.skills) for it in (chosen, other))
        assert can or not also, "skills come first"
        if can == also:
            assert chosen.open <= other.open, "then the fewest open tasks"
            if chosen.open == other.open and chosen.last != other.last:
                assert waits_longer(chosen, other), "then the longest without a new one"


@given(CREWS, WISHES, st.randoms())
def test_the_same_people_in_any_order_give_the_same_answer(
    crew: list[Candidate], wanted: list[str], random
) -> None:
    shuffled = random.sample(crew, len(crew))
    assert choose(crew, wanted) == choose(shuffled, wanted)


@given(CREWS, WISHES)
def test_the_reason_tells_load_and_skills_and_nobodys_name(crew: list[Candidate], wanted: list[str]) -> None:
    choice = choose(crew, wanted)
    if choice is not None:
        assert choice.reason.endswith(f"{choice.person.open} open")
        assert all(skill in choice.reason for skill in wanted)
        assert not any(it.name in choice.reason or it.login in choice.reason for it in crew)


@given(st.lists(FACTS, min_size=1, max_size=6), st.integers(1, 40))
def test_work_that_comes_one_after_the_other_is_spread_evenly(rows: list[tuple], tasks: int) -> None:
    crew = {it.id: it for it in (person(i) for i in range(len(rows)))}
    for number in range(tasks):
        chosen = choose(list(crew.values()), ()).person
        last = datetime(2026, 1, 1, 0, number, tzinfo=UTC)
        crew[chosen.id] = Candidate(chosen.id, chosen.login, chosen.name, (), chosen.open + 1, last)
    loads = [it.open for it in crew.values()]
    assert max(loads) - min(loads) <= 1


@pytest.mark.parametrize(
    ("wanted", "skills", "reason"),
    [
        ((), (), "2 open"),
        (("network",), ("network",), "skill network, 2 open"),
        (("network", "voice"), SKILLS, "skills network, voice, 2 open"),
        (("network",), ("voice",), "nobody there has skill network; 2 open"),
    ],
)
def test_the_reason_in_words(wanted: tuple[str, ...], skills: tuple[str, ...], reason: str) -> None:
    choice = choose([person(1, skills, 2)], wanted)
    assert choice is not None
    assert choice.reason == reason
