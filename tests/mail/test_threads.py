"""Which ticket a mail belongs to, and what of its header is believed."""

from __future__ import annotations

from tests.mail.desk import Post, write


def test_a_mail_opens_a_ticket_and_the_trail_says_by_which_mail(post: Post) -> None:
    receipt = post.take(write("My line is dead.\r\n-- \r\nCara"))
    assert (receipt.outcome, receipt.ticket) == ("opened", 1)
    ticket = post.casepath.reads.ticket(post.desk_id, 1)
    assert (ticket.subject, ticket.requester_name, ticket.requester_email, ticket.channel) == (
        *("It is broken", "Cara Client", "cara@example.com"),
        "email",
    )
    assert ticket.description == "My line is dead.\n-- \nCara"
    opened = post.casepath.reads.trace(post.desk_id, 1)[0]
    assert opened.values["message_id"] == "first@example.com"
    assert (opened.data["mail"]["mail"], len(opened.data["mail"]["raw"])) == (str(receipt.mail), 64)


def test_an_answer_to_our_mail_is_the_customer_s_reply_and_moves_the_process(post: Post) -> None:
    post.take(write())
    ours = next(it for it in post.sent() if it["To"] == "cara@example.com")
    assert ours["In-Reply-To"] == "<first@example.com>"
    receipt = post.take(
        write("It works again.", id="second@example.com", subject="Re: ?", In_Reply_To=ours["Message-ID"])
    )
    assert (receipt.outcome, receipt.ticket) == ("replied", 1)
    (entry,) = post.casepath.reads.entries(post.desk_id, 1)
    assert (entry.kind, entry.public, entry.author_kind, entry.author_name, entry.body) == (
        *("reply", True, "customer"),
        *("Cara Client", "It works again."),
    )
    assert [it.name for it in post.casepath.reads.tasks(post.desk_id, ticket=1).items] == ["work"]


def answer_to(post: Post, to: str) -> str:
    """The Message-ID of the mail that we sent to somebody."""
    return str(next(it for it in post.sent() if it["To"] == to)["Message-ID"])


def entries(post: Post, number: int = 1) -> list[tuple[object, ...]]:
    found = post.casepath.reads.entries(post.desk_id, number)
    return [(it.kind, it.public, it.author_name, it.body) for it in found]


def test_a_colleague_who_has_our_mail_answers_under_their_own_name(post: Post) -> None:
    post.take(write())
    ours = answer_to(post, "cara@example.com")
    post.take(write("For Cara: yes.", id="2@x", sender="Dan <dan@example.com>", References=ours))
    assert entries(post) == [("reply", True, "Dan <dan@example.com>", "For Cara: yes.")]


def test_an_answer_to_a_mail_that_went_to_the_leads_is_a_note_and_moves_nothing(post: Post) -> None:
    post.take(write())
    told = answer_to(post, "leads@desk.example")
    receipt = post.take(write("I call her.", id="2@x", sender="Lee <lee@desk.example>", In_Reply_To=told))
    assert (receipt.outcome, receipt.reason) == (
        "noted",
        "It answers a mail that did not go to the customer.",
    )
    assert entries(post) == [("note", False, "Lee <lee@desk.example>", "I call her.")]
    assert "message_received" not in post.kinds(1)


def test_the_number_in_the_subject_counts_for_the_customer(post: Post) -> None:
    post.take(write())
    receipt = post.take(write("And now?", id="2@x", subject="AW: Ticket 1: we have it"))
    assert (receipt.outcome, receipt.ticket) == ("replied", 1)


def test_the_number_alone_lets_nobody_else_into_a_ticket(post: Post) -> None:
    post.take(write())
    receipt = post.take(
        write("Pay here.", id="2@x", sender="Eve <eve@example.net>", subject="Re: Ticket 1: x")
    )
    assert (receipt.outcome, receipt.ticket) == ("opened", 2)
    assert receipt.reason == "It names ticket 1, but its sender has no part in that."
    assert entries(post) == []
    assert [(it.kind, it.number) for it in post.casepath.reads.links(post.desk_id, 2)] == [("follows", 1)]


def test_an_id_of_ours_that_was_changed_or_guessed_finds_no_ticket(post: Post) -> None:
    post.take(write())
    other = answer_to(post, "cara@example.com").replace("casepath.1.1.", "casepath.1.2.")
    receipt = post.take(write("Hm.", id="2@x", sender="Eve <eve@example.net>", In_Reply_To=other))
    assert (receipt.outcome, receipt.ticket) == ("opened", 2)


def test_a_second_mail_that_answers_the_first_one_joins_its_ticket(post: Post) -> None:
    post.take(write())
    receipt = post.take(write("I forgot.", id="2@x", References="<zero@x> <first@example.com>"))
    assert (receipt.outcome, receipt.ticket) == ("replied", 1)


def test_who_knows_the_customer_s_message_id_has_no_part_by_that(post: Post) -> None:
    post.take(write())
    eve = write("Hm.", id="2@x", sender="eve@example.net", In_Reply_To="<first@example.com>")
    assert post.take(eve).ticket == 2


def test_who_took_part_by_our_mail_may_go_on_by_number(post: Post) -> None:
    post.take(write())
    dan = {"sender": "Dan <dan@example.com>"}
    post.take(write("Yes.", id="2@x", In_Reply_To=answer_to(post, "cara@example.com"), **dan))
    assert post.take(write("No.", id="3@x", subject="Ticket 1", **dan)).ticket == 1


def test_a_secret_key_that_changed_leaves_answers_to_sent_mails_where_they_belong(post: Post) -> None:
    post.take(write())
    ours = answer_to(post, "cara@example.com")
    renewed = post.renewed(secret_key="another secret")
    assert renewed.take(write("Yes.", id="2@x", In_Reply_To=ours)).ticket == 1


def test_where_a_mail_server_vouches_the_sender_must_be_proved(post: Post) -> None:
    strict = post.renewed(mail_authserv="mx.desk.example")
    strict.take(write())
    forged = "mx.evil.example; dmarc=pass"
    unproved = write("Pay.", id="2@x", subject="Ticket 1", Authentication_Results=forged)
    assert strict.take(unproved).reason == "It names ticket 1, but nobody proved who sent it."
    line = "mx.desk.example (v1); spf=pass; dmarc=pass (p=reject) header.from=example.com"
    proved = write("Yes.", id="3@x", subject="Ticket 1", Authentication_Results=line)
    assert strict.take(proved).ticket == 1
    below = b"Authentication-Results: mx.desk.example; dmarc=fail\r\n" + write(
        "Pay.", id="4@x", subject="Ticket 1", Authentication_Results="mx.desk.example; dmarc=pass"
    )
    assert strict.take(below).ticket == 3


def test_an_answer_to_a_ticket_that_is_over_opens_one_that_follows_it(post: Post) -> None:
    post.take(write())
    post.cancel(1)
    receipt = post.take(write("Again!", id="2@x", subject="Ticket 1: it is broken"))
    assert (receipt.outcome, receipt.ticket) == ("opened", 2)
    assert [(it.kind, it.number) for it in post.casepath.reads.links(post.desk_id, 2)] == [("follows", 1)]
    assert post.take(write("Again!", id="2@x", subject="Ticket 1: it is broken")).repeated


def test_a_mail_with_two_senders_is_nobody_s_word(post: Post) -> None:
    post.take(write())
    two = write("Pay.", id="2@x", sender="cara@example.com, eve@example.net", subject="Ticket 1")
    assert post.take(two).ticket == 2
