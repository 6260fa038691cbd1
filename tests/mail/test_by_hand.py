"""What people decide about mails of which nothing came: once, with a trail, and whoever is second is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from engine.errors import CasepathError, Conflict, InvalidInput, NotFound
from engine.mailroom import Hand
from engine.runtime.commands import Actor, Requester
from tests.mail.desk import Post, write

LEA = Actor("person", "8f14e45f-ceea-467f-a2ad-3b0f5e4b1d9a", "Lea Lead")
BEN = Actor("person", "45c48cce-2e2d-4fbd-aa7c-1a2b3c4d5e6f", "Ben Boss")
CARA = Requester("Cara Client", "cara@example.com")
AUTOMATIC = {"Auto_Submitted": "auto-generated"}


def dropped(post: Post, id: str = "auto@x", **more: str) -> UUID:
    receipt = post.take(write("The disk is full.", id=id, subject="Alarm", **AUTOMATIC, **more))
    assert receipt.outcome == "dropped"
    return receipt.mail


def hand(post: Post, mail: UUID, who: Actor = LEA, seen: str = "dropped", id: UUID | None = None) -> Hand:
    return Hand(id or uuid4(), post.desk_id, who, mail, seen)


def dismissals(post: Post) -> list[str]:
    """What was dismissed, as the desk's trail tells it: the outcome that it had."""
    sql = "SELECT convert_from(bytes, 'UTF8')::jsonb -> 'data' FROM trail WHERE kind = 'desk_event'"
    return [it["was"] for (it,) in post.rows(sql) if it["what"] == "mail_dismissed"]


def test_a_dropped_mail_is_taken_up_as_a_ticket_and_the_trail_says_by_whom(post: Post) -> None:
    mail = dropped(post)
    outcome = post.casepath.mail_by_hand.open(hand(post, mail), "Disk of Cara", CARA)
    ticket = post.casepath.reads.ticket(post.desk_id, outcome.ticket_number)
    assert (ticket.subject, ticket.requester_email, ticket.channel, ticket.description) == (
        *("Disk of Cara", "cara@example.com"),
        *("email", "The disk is full."),
    )
    opened = post.casepath.reads.trace(post.desk_id, ticket.number)[0]
    assert (opened.actor.id, opened.data["mail"]["was"], opened.data["mail"]["by"]) == (
        *(LEA.id, "dropped"),
        LEA.id,
    )
    assert opened.values["mail_by"] == "Lea Lead"
    found = post.casepath.reads.mail_in(post.desk_id, mail)
    assert (found.state, found.ticket_number, found.decided_by_name, found.nature) == (
        *("opened", ticket.number),
        *("Lea Lead", "automatic"),
    )
    assert found.reason == "A program sent it (Auto-Submitted or a like header)."
    assert post.casepath.reads.verify(post.desk_id, ticket.number).ok


def test_an_answer_to_a_mail_that_was_taken_up_finds_its_ticket(post: Post) -> None:
    mail = dropped(post)
    number = post.casepath.mail_by_hand.open(hand(post, mail), "Disk", CARA).ticket_number
    again = post.take(write("And now?", id="2@x", References="<auto@x>"))
    assert (again.outcome, again.ticket) == ("replied", number)


def test_a_mail_added_as_a_reply_is_the_customer_s_word_and_moves_the_process(post: Post) -> None:
    post.take(write())
    mail = dropped(post)
    post.casepath.mail_by_hand.add(hand(post, mail), 1, public=True)
    (entry,) = post.casepath.reads.entries(post.desk_id, 1)
    assert (entry.kind, entry.public, entry.author_name, entry.body) == (
        *("reply", True, "Cara Client"),
        "The disk is full.",
    )
    assert "message_received" in post.kinds(1)
    (told,) = [it for it in post.casepath.reads.trace(post.desk_id, 1) if it.kind == "entry_added"]
    assert (told.data["mail"]["by"], told.data["mail"]["found_by"]) == (LEA.id, "person")


def test_a_mail_added_as_a_note_moves_nothing(post: Post) -> None:
    post.take(write())
    post.casepath.mail_by_hand.add(hand(post, dropped(post)), 1, public=False)
    (entry,) = post.casepath.reads.entries(post.desk_id, 1)
    assert (entry.kind, entry.public) == ("note", False)
    assert "message_received" not in post.kinds(1)


def test_a_reply_to_a_ticket_on_which_nobody_listens_opens_one_that_follows(post: Post) -> None:
    post.take(write())
    post.cancel(1)
    mail = dropped(post)
    assert post.casepath.mail_by_hand.add(hand(post, mail), 1, public=True).ticket_number == 2
    assert post.casepath.reads.mail_in(post.desk_id, mail).state == "opened"
    assert [(it.kind, it.number) for it in post.casepath.reads.links(post.desk_id, 2)] == [("follows", 1)]


def test_files_of_the_mail_go_with_it(post: Post) -> None:
    body = "--b\r\n\r\nsee\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1;2\r\n--b--"
    mail = post.take(write(body, id="f@x", Auto_Submitted="auto-generated").replace(
        b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=b"
    )).mail  # fmt: skip
    number = post.casepath.mail_by_hand.open(hand(post, mail), "Disk", CARA).ticket_number
    assert [it.name for it in post.casepath.reads.attachments(post.desk_id, number)] == ["a.csv"]


def test_the_same_wish_twice_is_done_once(post: Post) -> None:
    mail, by_hand = dropped(post), post.casepath.mail_by_hand
    wish = hand(post, mail)
    first, second = by_hand.open(wish, "Disk", CARA), by_hand.open(wish, "Disk", CARA)
    assert (second.ticket_number, second.repeated) == (first.ticket_number, True)
    other = hand(post, dropped(post, "b@x"))
    by_hand.dismiss(other, "Noise.")
    by_hand.dismiss(other, "Noise.")
    assert dismissals(post) == ["dropped"]
    assert post.rows("SELECT count(*) FROM ticket") == [(1,)]


@pytest.mark.parametrize("first", ["open", "add", "dismiss"])
@pytest.mark.parametrize("second", ["open", "add", "dismiss"])
def test_whoever_comes_second_is_told_who_decided_and_how(post: Post, first: str, second: str) -> None:
    post.take(write())
    mail, by_hand = dropped(post), post.casepath.mail_by_hand
    acts = {
        "open": lambda it: by_hand.open(it, "Disk", CARA),
        "add": lambda it: by_hand.add(it, 1, public=False),
        "dismiss": lambda it: by_hand.dismiss(it, "Noise."),
    }
    told = {"open": "opened ticket 2 with it", "add": "noted it at ticket 1", "dismiss": "dismissed it"}
    acts[first](hand(post, mail))
    with pytest.raises(Conflict) as refused:
        acts[second](hand(post, mail, BEN))
    assert str(refused.value) == (
        f"Expected the mail to wait for somebody, but Lea Lead {told[first]} at 09:00 UTC on 05 January 2026."
    )


def test_of_two_at_the_same_moment_one_wins_and_nothing_is_doubled(post: Post) -> None:
    mail, by_hand = dropped(post), post.casepath.mail_by_hand

    def take_up(who: Actor) -> str:
        try:
            return f"ticket {by_hand.open(hand(post, mail, who), 'Disk', CARA).ticket_number}"
        except Conflict as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(take_up, (LEA, BEN)))
    assert said[0].startswith("Expected the mail to wait for somebody, but ")
    assert said[1].startswith("ticket ")
    assert post.rows("SELECT count(*) FROM ticket") == [(1,)]


def test_a_mail_handed_over_again_after_somebody_took_it_up_opens_nothing(post: Post) -> None:
    mail = dropped(post)
    post.casepath.mail_by_hand.open(hand(post, mail), "Disk", CARA)
    again = post.take(write("The disk is full.", id="auto@x", subject="Alarm", **AUTOMATIC))
    assert (again.repeated, again.outcome) == (True, "opened")
    assert post.rows("SELECT count(*) FROM ticket") == [(1,)]


def test_a_dismissal_is_a_fact_of_the_desk_and_can_be_taken_back_by_taking_the_mail_up(post: Post) -> None:
    mail, by_hand = dropped(post), post.casepath.mail_by_hand
    by_hand.dismiss(hand(post, mail), "Card 4111 1111 1111 1111 is noise.")
    found = post.casepath.reads.mail_in(post.desk_id, mail)
    assert (found.state, found.decided_by_name, found.decided_why) == (
        *("dismissed", "Lea Lead"),
        "Card Visa •••• 1111 is noise.",
    )
    assert dismissals(post) == ["dropped"]
    assert post.casepath.reads.verify_desk(post.desk_id).ok
    assert by_hand.open(hand(post, mail, BEN, "dismissed"), "Disk", CARA).ticket_number == 1


@pytest.mark.parametrize(
    ("act", "error", "field"),
    [
        (lambda by, it: by.add(it, 4711, public=True), InvalidInput, "ticket"),
        (lambda by, it: by.dismiss(it, "  "), InvalidInput, "reason"),
        (lambda by, it: by.dismiss(it, "x" * 1_001), InvalidInput, "reason"),
        (lambda by, it: by.open(it, "", CARA), InvalidInput, "subject"),
        (lambda by, it: by.open(it, "Disk", Requester("Cara", "cara")), InvalidInput, "requester.email"),
        (lambda by, it: by.dismiss(Hand(it.id, it.desk_id, it.actor, uuid4(), "dropped"), "x"), NotFound, ""),
        (lambda by, it: by.dismiss(Hand(it.id, it.desk_id, it.actor, it.mail, "opened"), "x"), InvalidInput, "seen"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_named_and_changes_nothing(
    post: Post, act, error: type[CasepathError], field: str
) -> None:
    mail = dropped(post)
    before = post.casepath.reads.mail_in(post.desk_id, mail)
    with pytest.raises(error) as refused:
        act(post.casepath.mail_by_hand, hand(post, mail))
    assert not field or field in refused.value.fields
    assert post.casepath.reads.mail_in(post.desk_id, mail) == before
