"""Templates: what a send task says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.catalog.templates import Template, TemplateRefused
from engine.feel import Surroundings
from tests.packs.conftest import ROOT

TEMPLATES = sorted(ROOT.glob("processes/*/templates/*.md"))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANN = {
    "number": Decimal(7),
    "subject": "It\nblinks",
    "requester": {"name": "Ann", "email": "ann@example.com"},
}


def template(text: str) -> Template:
    return Template.read(text.encode(), "t_sample")


def test_a_mail_goes_to_the_customer_with_its_variables_filled_in() -> None:
    mail = template(
        "Subject: Ticket {{ ticket.number }}\n\nDear {{ ticket.requester.name }},\n\nyes.\n"
    ).render({"ticket": ANN}, Surroundings(NOW))
    assert (mail.to, mail.subject, mail.body) == ("ann@example.com", "Ticket 7", "Dear Ann,\n\nyes.\n")


def test_another_receiver_stands_in_the_second_line() -> None:
    mail = template("Subject: Look\nTo: {{ lead }}\nNow.\n").render(
        {"lead": "lead@example.com"}, Surroundings(NOW)
    )
    assert (mail.to, mail.body) == ("lead@example.com", "Now.\n")


def test_no_variable_can_add_a_header() -> None:
    evil = {"ticket": {**ANN, "subject": "Hi\r\nBcc: all@example.com"}}
    assert (
        template("Subject: {{ ticket.subject }}\nx").render(evil, Surroundings(NOW)).subject
        == "Hi Bcc: all@example.com"
    )


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("nothing", ""),
        ("true", "yes"),
        ("1.50", "1.5"),
        ('["a", "b"]', "a, b"),
        ('date("2026-12-04")', "2026-12-04"),
        ("now()", "2026-03-02 09:00 UTC"),
        ("day", "2026-12-05"),
        ('if ticket.number > 5 then "many" else "few"', "many"),
    ],
)
def test_values_show_as_people_write_them(expression: str, shown: str) -> None:
    sample = template("Subject: s\n{{ " + expression + " }}")
    assert sample.render({"ticket": ANN, "day": date(2026, 12, 5)}, Surroundings(NOW)).body == f"{shown}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Dear all", 1),
        ("Subject:\n\nbody", 1),
        ("Subject: a\n\n{{ b", 3),
        ("Subject: a\n\nb }}", 3),
        ("Subject: a\nTo: x\n\n\n{{ }}", 5),
        ("Subject: {{ 1 + }}", 1),
    ],
)
def test_a_bad_template_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(TemplateRefused) as caught:
        template(text)
    assert [problem.line for problem in caught.value.problems] == [line]


KEYS = re.compile(r"\b(queue|priority|category|state|status|channel|tier)\b")
NOT_TOLD = re.compile(r'"[^"]*"|label\([^()]*\)|[\w.]+ = null')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda it: f"{it.parents[1].name}/{it.stem}")
def test_bundled_mails_say_labels_where_variables_hold_keys(path: Path) -> None:
    found = Template.read(path.read_bytes(), path.stem).placeholders
    assert [it.text for it in found if KEYS.search(NOT_TOLD.sub("", it.text))] == []
