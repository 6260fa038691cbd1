"""Links: a throw goes on at the catch of its name, on the same level and nowhere else."""

from __future__ import annotations

from .drawing import draw, level, node, on
from .playing import begin


def throw(id: str, name: str = "on") -> str:
    return node("throw", id, on("link", name))


def catch(id: str, name: str = "on") -> str:
    return node("catch", id, on("link", name))


def test_a_token_goes_on_behind_the_catch() -> None:
    """The library lets the token die, and does not even read what stands behind the catch."""
    source = draw(f"start s; {throw('t')}; {catch('c')}; user a; end e", "s>t c>a>e")
    play = begin(source)
    assert play.waiting == ["a"]
    told = [(it.kind, it.element) for it in play.happenings if it.element in ("t", "c")]
    assert told == [("entered", "t"), ("left", "t"), ("entered", "c"), ("left", "c")]
    play.complete("a")
    assert play.run.ended == "completed"


def test_many_throws_lead_to_one_catch() -> None:
    source = draw(
        f"start s; and f; user a; user b; {throw('t')}; {throw('u')}; {catch('c')}; user d; end e",
        "s>f f>a>t f>b>u c>d>e",
    )
    play = begin(source)
    play.complete("b")
    play.complete("a")
    assert play.waiting == ["d", "d"]


def test_links_of_other_names_are_other_links() -> None:
    source = draw(
        f"start s; xor x; {throw('t', 'one')}; {throw('u', 'two')}; {catch('c', 'one')}; {catch('d', 'two')};"
        " user a; user b; end e",
        "s>x x>t [first] x>u * c>a>e d>b>e",
    )
    assert begin(source, first=True).waiting == ["a"]
    assert begin(source, first=False).waiting == ["b"]


def test_a_link_in_a_sub_process_stays_in_it() -> None:
    inside = level(f"start si; {throw('ti')}; {catch('ci')}; user a; end ei", "si>ti ci>a>ei", prefix="g")
    source = draw(
        f"start s; {node('sub', 'sp', inside)}; {throw('t')}; {catch('c')}; user b; end e", "s>sp>t c>b>e"
    )
    play = begin(source)
    assert play.wait("a").scope == ("sp",)
    play.complete("a")
    assert play.waiting == ["b"]


def test_a_loop_may_go_back_by_a_link() -> None:
    source = draw(
        f"start s; xor m; {catch('c', 'back')}; user a; xor x; {throw('t', 'back')}; end e",
        "s>m c>m m>a>x x>t [again] x>e *",
    )
    play = begin(source)
    for _ in range(3):
        play.complete("a", again=True)
    play.complete("a", again=False)
    assert play.path().count("c") == 3
    assert play.run.ended == "completed"


def test_an_inclusive_join_waits_for_what_may_come_by_a_link() -> None:
    source = draw(
        f"start s; and f; user a; user b; {throw('t')}; {catch('c')}; or j; user after; end e",
        "s>f f>a>j f>b>t c>j j>after>e",
    )
    play = begin(source)
    play.complete("a")
    assert play.waiting == ["b"]
    play.complete("b")
    assert play.waiting == ["after"]
