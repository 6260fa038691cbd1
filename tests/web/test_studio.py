"""The studio: versions, findings, the page before a deployment, and what a deployment means for whom."""

import io
from collections.abc import Mapping

import pytest

from engine.catalog.compare import compare
from engine.people import operator

BPMN = "bpmn/support_ticket.bpmn"


@pytest.fixture
def pack_files(pack_files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The pack with the reminder to confirm as a plain number in the diagram."""
    diagram = pack_files[BPMN].replace(b"=confirmation.remind_after", b"PT48H")
    return {**pack_files, BPMN: diagram}


@pytest.fixture
def diagram(office) -> str:
    return office.casepath.reads.diagram(office.desk.id, "support_ticket", 1).decode()


def shortened(diagram: str) -> str:
    """The diagram with the reminder to confirm after 24 hours instead of 48."""
    head, element, tail = diagram.partition('id="reminder_due_timer"')
    assert "PT48H" in tail
    return head + element + tail.replace("PT48H", "PT24H", 1)


def prepare(visitor, bpmn: str, base: str = "1"):
    here = "/studio/support_ticket"
    return visitor.post(f"{here}/deploy", page=here, bpmn=bpmn, base_version=base)


def confirm(visitor, bpmn: str, base: str = "1", **more: str):
    here = "/studio/support_ticket"
    return visitor.post(f"{here}/deploy/confirm", page=here, bpmn=bpmn, base_version=base, **more)


def test_the_owner_sees_processes_and_downloads_the_file(visit, diagram) -> None:
    owner = visit("olga", "owner")
    page = owner.get("/studio").text
    assert "Support ticket" in page
    download = owner.get("/studio/support_ticket/1.bpmn")
    assert download.text == diagram
    assert "attachment" in download.headers["Content-Disposition"]


def test_the_page_before_a_deployment_says_what_changes_and_for_whom(visit, office, diagram) -> None:
    office.open_ticket()
    office.open_ticket("Another one")
    page = prepare(visit("olga", "owner"), shortened(diagram)).text
    assert "Nothing is deployed yet." in page
    assert "PT48H" in page
    assert "PT24H" in page
    assert "2 open tickets keep their version" in page
    assert office.version() == 1


def test_running_tickets_keep_their_version_and_new_ones_take_the_new(visit, office, diagram) -> None:
    before = office.open_ticket()
    owner = visit("olga", "owner")
    assert confirm(owner, shortened(diagram), note="Customers asked").location == "/studio"
    after = office.open_ticket("After it")
    reads = office.casepath.reads
    assert reads.ticket(office.desk.id, before).version == 1
    assert reads.ticket(office.desk.id, after).version == 2
    assert "Customers asked" in owner.get("/studio").text


def test_a_deployed_file_can_be_uploaded_instead_of_drawn(visit, diagram) -> None:
    owner = visit("olga", "owner")
    token = owner.get("/studio/support_ticket").text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {
        "csrf_token": token,
        "base_version": "1",
        "file": (io.BytesIO(shortened(diagram).encode()), "a.bpmn"),
    }
    answer = owner.client.post("/studio/support_ticket/deploy", data=sent)
    assert "PT24H" in answer.text


def test_somebody_who_was_quicker_is_named_and_nothing_is_overwritten(visit, office, diagram) -> None:
    visit("otis", "owner")
    confirm(visit("otis"), shortened(diagram))
    answer = confirm(visit("olga", "owner"), diagram.replace("Triage ticket", "Sort ticket"))
    assert answer.status_code == 409
    assert "Otis deployed version 2" in answer.text
    assert office.version() == 2


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("this is no XML", "line 1"),
        ("<a/>", "Expected"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Expected"),
    ],
)
def test_a_file_that_is_no_diagram_is_told_and_not_deployed(visit, office, bad: str, said: str) -> None:
    owner = visit("olga", "owner")
    page = prepare(owner, bad)
    assert said in page.text
    assert "can&#39;t be deployed" in page.text
    assert confirm(owner, bad).status_code == 422
    assert office.version() == 1


def test_the_modeler_is_told_what_is_wrong_and_where(visit, diagram) -> None:
    owner = visit("olga", "owner")
    token = owner.get("/studio/support_ticket").text.split('name="csrf-token" content="')[1].split('"')[0]
    wrong = diagram.replace("PT48H", "P1M1M", 1)
    answer = owner.client.post(
        "/studio/support_ticket/lint",
        data=wrong,
        content_type="application/xml",
        headers={"X-CSRF-Token": token},
    )
    errors = [it for it in answer.json["findings"] if it["severity"] == "error"]
    assert errors
    assert all(it["line"] and it["message"].startswith("Expected") for it in errors)
    assert any("P1M1M" in it["message"] for it in errors)


def test_moving_a_shape_changes_nothing_that_runs(diagram: str) -> None:
    moved = diagram.replace('x="', 'x="1', 1)
    assert moved != diagram
    assert compare(diagram.encode(), moved.encode()) == []


def test_a_changed_name_timer_and_new_element_are_each_told(diagram: str) -> None:
    changed = shortened(diagram).replace('name="Triage ticket"', 'name="Sort ticket"')
    told = {(it.element, it.what, it.before, it.after) for it in compare(diagram.encode(), changed.encode())}
    assert ("triage", "name", "Triage ticket", "Sort ticket") in told
    assert ("reminder_due", "timer", "PT48H", "PT24H") in told
    assert len(told) == 2


def test_a_diagram_that_can_not_be_read_differs_in_nothing(diagram: str) -> None:
    assert compare(diagram.encode(), b"nothing") == []


def ask_timer(visitor, kind: str, text: str):
    return visitor.post("/studio/support_ticket/timer", page="/studio/support_ticket", kind=kind, text=text)


def test_a_timer_is_foretold_in_the_zone_of_its_pack(visit, office) -> None:
    files = office.casepath.deployments.files(office.desk.id, "support_ticket")
    manifest = files["pack.toml"].replace(b'time_zone = "UTC"', b'time_zone = "Asia/Tokyo"')
    office.casepath.deployments.deploy(office.desk.id, files | {"pack.toml": manifest}, operator())
    told = ask_timer(visit("olga", "owner"), "cycle", "R/PT1H").json
    assert told["why"] is None
    assert told["rows"] == [
        {
            "label": "Now",
            "armed": "Mon 23 Nov 2026, 21:00 JST",
            "fires": [f"Mon 23 Nov 2026, {hour}:00 JST" for hour in (22, 23)]
            + ["Tue 24 Nov 2026, 00:00 JST"],
        },
        {
            "label": "Friday evening",
            "armed": "Fri 27 Nov 2026, 19:30 JST",
            "fires": [f"Fri 27 Nov 2026, {hour}:30 JST" for hour in (20, 21, 22)],
        },
    ]


@pytest.mark.parametrize(("kind", "text"), [("week", "PT4H"), ("duration", " "), ("", "")])
def test_what_is_no_timer_at_all_is_not_foretold(visit, kind: str, text: str) -> None:
    assert ask_timer(visit("olga", "owner"), kind, text).status_code == 422


def test_a_wrong_timer_is_answered_with_the_sentence_that_the_check_would_say(visit) -> None:
    told = ask_timer(visit("olga", "owner"), "duration", "=now(").json
    assert told["rows"] == []
    assert told["why"].startswith("Expected ")
