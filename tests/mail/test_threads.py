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
