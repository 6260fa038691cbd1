"""What is promised about tickets: the clocks of their goals, and every interval of each."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, text

from engine.store.tables.columns import desk_id, key, metadata, moment, number, one_of, text_, uuid


def _terms() -> list[Column[str]]:
    """What holds for a clock, or held in an interval: the target (ISO 8601), how it is counted, and who said so."""
    return [
        text_("target", null=True),
        text_("counted", null=True),
        text_("calendar", default=""),
        text_("version", default=""),
        text_("source", default=""),
        text_("rule", default=""),
    ]


goal_clock = Table(
    "goal_clock",
    metadata,
    desk_id(),
    key("id"),
    uuid("instance_id"),
    number("ticket_number"),
    text_("goal"),
    number("round"),
    text_("status"),
    *_terms(),
    text_("used", null=True),
    moment("since"),
    moment("due_at", null=True),
    moment("warn_at", null=True),
    moment("breached_at", null=True),
    moment("met_at", null=True),
    one_of("status", "running", "paused", "met", "ended"),
    Index("ix_goal_clock_ticket", "desk_id", "ticket_number"),
    comment="A goal of a ticket as it stands: what holds for it, what is used of it, and when it is due.",
    postgresql_with={"fillfactor": 80},
)

goal_interval = Table(
    "goal_interval",
    metadata,
    desk_id(),
    Column("place", BigInteger, Identity(), primary_key=True),
    uuid("clock_id"),
    number("ticket_number"),
    text_("goal"),
    number("round"),
    text_("status"),
    text_("reason"),
    moment("since"),
    moment("until", null=True),
    *_terms(),
    text_("used", null=True),
    one_of("status", "running", "paused"),
    Index("ix_goal_interval_ticket", "desk_id", "ticket_number", "place"),
    Index("ix_goal_interval_open", "desk_id", "clock_id", postgresql_where=text("until IS NULL")),
    comment="A stretch of time in which a goal's clock ran or stood still, why, and by which terms."
    " `used` is the sum at its end.",
)
