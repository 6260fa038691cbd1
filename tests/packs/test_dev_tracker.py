"""The development tracker of the bundled desk: each job is logged once, and always has the same reference."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from engine.services import Job, call, load_handlers
from tests.packs.conftest import DESK

HANDLERS = load_handlers((DESK / "services.py").read_bytes(), DESK.name)


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "not" / "there" / "tracker.sqlite"
    monkeypatch.setenv("CASEPATH_DEV_TRACKER", str(file))
    return file


def job(title: str = "Export ends early") -> Job:
    return Job(uuid4(), "log_for_development", 7, {"title": title, "kind": "bug"})


def test_a_job_that_is_tried_again_is_logged_once(tracker: Path) -> None:
    first, second = job(), job("Dark theme")
    references = [call(HANDLERS, it)["reference"] for it in (first, second, first)]
    assert references == ["DEV-1", "DEV-2", "DEV-1"]
    with sqlite3.connect(tracker) as opened:
        rows = opened.execute("SELECT ticket, facts FROM entry ORDER BY id").fetchall()
    assert [(ticket, json.loads(facts)["title"]) for ticket, facts in rows] == [
        (7, "Export ends early"),
        (7, "Dark theme"),
    ]


def test_workers_beside_each_other_log_each_job_once(tracker: Path) -> None:
    jobs = [job(f"Bug {number}") for number in range(8)] * 3
    with ThreadPoolExecutor(8) as workers:
        references = list(workers.map(lambda it: call(HANDLERS, it)["reference"], jobs))
    assert references[:8] == references[8:16] == references[16:]
    assert len(set(references)) == 8


def test_without_a_named_file_it_lies_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEPATH_DEV_TRACKER", raising=False)
    monkeypatch.setenv("CASEPATH_DATA_DIR", str(tmp_path))
    call(HANDLERS, job())
    assert (tmp_path / "dev_tracker.sqlite").is_file()
