"""Requests are judged by the schemas of the OpenAPI document, every wrong field by its name."""

import pytest

from webui.api.judge import unknown_keywords, wrongs
from webui.api.schemas import reference

SOUND = {"channel": "phone", "subject": "Dead", "description": "", "requester": {"name": "Ann"}}


def test_a_sound_ticket_has_nothing_wrong() -> None:
    assert wrongs(SOUND, reference("NewTicket")) == {}


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = wrongs({"channel": "", "subject": 7, "requester": {"nam": "Ann"}}, reference("NewTicket"))
    assert sorted(wrong) == ["channel", "description", "requester.nam", "requester.name", "subject"]


@pytest.mark.parametrize("value", [True, "1", 1.5, None])
def test_a_number_is_not_anything_else(value: object) -> None:
    assert wrongs(value, {"type": "integer"}) != {}


def test_a_missing_optional_value_may_be_null_where_the_schema_says_so() -> None:
    assert wrongs({**SOUND, "category": None}, reference("NewTicket")) == {}


def test_a_moment_without_a_zone_is_refused() -> None:
    schema = {"type": "string", "format": "date-time"}
    assert wrongs("2026-11-23T08:00:00", schema) != {}
    assert wrongs("2026-11-23T08:00:00Z", schema) == {}


def test_a_keyword_that_the_judge_does_not_know_is_found() -> None:
    assert unknown_keywords({"type": "array", "items": {"type": "string", "pattern": "x"}}) == {"pattern"}
