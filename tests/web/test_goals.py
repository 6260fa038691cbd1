"""Goals on the pages and in the API: how long is left, as it is counted, and why."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from engine.catalog.pack import read_pack
from engine.people import operator
from tests.engine.promised import PACK, Promised
from tests.web.conftest import Office
from tests.web.test_api import Program


def on(text: str) -> datetime:
    """A moment of March 2026 in Berlin: "04 15:00"."""
    return datetime.fromisoformat(f"2026-03-{text}:00+01:00")


@pytest.fixture
def promised(office: Office) -> Promised:
    office.casepath.deployments.deploy(office.desk.id, read_pack(PACK).files, operator())
    return Promised(office.casepath, office.desk.id)


def test_a_program_reads_each_goal_with_its_reasons(app: Flask, office: Office, promised: Promised) -> None:
    promised.opens(on("02 09:30"))
    promised.replies(on("02 10:00"))
    promised.does(on("02 11:00"), "ask")
    program = Program(app, office, "ann", "agent")
    answer = program.ask("list_deadlines", number=promised.number).json
    told = {it["goal"]: it for it in answer["goals"]}
    assert [(key, it["status"]) for key, it in told.items()] == [
        ("first_response", "met"),
        ("update", "paused"),
        ("resolution", "paused"),
    ]
    assert told["resolution"]["target"]["source"] == "text S3-13"
    assert told["resolution"]["left"] == "PT14H30M"
    assert [it["round"] for it in told["update"]["rounds"]] == [1, 2]
    assert answer["items"] == []
