"""What a pack says, and what the check finds in a bad one: file, line and remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.catalog.check import check_pack
from engine.catalog.findings import PackFinding, PackRefused
from engine.catalog.pack import PackSource, read_pack
from tests.packs.conftest import DESK, HELPDESK
from tests.parts.decisions.drawing import decision, definitions, given, table
from tests.parts.spiff.drawing import boundary, draw, timer

BPMN = "bpmn/support_ticket.bpmn"
SIMILAR = 'type="desk.similar_tickets" />\n          <zeebe:ioMapping>'


def files_of_desk() -> dict[str, bytes]:
    """The files of the first desk, whose leads have an address of their own."""
    files = dict(read_pack(DESK).files)
    return {**files, "pack.toml": files["pack.toml"].replace(b"leads@desk.example", b"leads@desk.test")}


def changed(path: str, old: str, new: str) -> tuple[PackFinding, ...]:
    """The findings of the first desk with one text replaced by another."""
    files = files_of_desk()
    assert old.encode() in files[path]
    return check_pack(
        PackSource.from_files({**files, path: files[path].replace(old.encode(), new.encode(), 1)})
    )


def without(path: str) -> tuple[PackFinding, ...]:
    files = files_of_desk()
    return check_pack(PackSource.from_files({name: it for name, it in files.items() if name != path}))


def with_files(more: Mapping[str, str]) -> tuple[PackFinding, ...]:
    files = {path: text.encode() for path, text in more.items()}
    return check_pack(PackSource.from_files({**files_of_desk(), **files}))


def test_our_own_packs_are_without_findings_but_for_the_address_that_an_owner_writes() -> None:
    assert check_pack(read_pack(HELPDESK)) == ()
    (found,) = check_pack(read_pack(DESK))
    assert (found.file, found.rule, found.severity) == ("pack.toml", "example-address", "warning")
    line = (DESK / "pack.toml").read_text("utf-8").splitlines()[(found.line or 0) - 1]
    assert line.startswith('"notify.leads"')
    assert found.message.startswith(
        "Expected “notify.leads” to be an address that somebody reads, but “leads@"
    )


@pytest.mark.parametrize("address", ["ann@desk.test", "", "leads.example@desk.test"])
def test_an_address_that_somebody_may_read_has_no_warning(address: str) -> None:
    assert changed("pack.toml", "leads@desk.test", address) == ()


def test_a_setting_that_no_mail_goes_to_may_be_an_example() -> None:
    setting = '"help.page" = { value = "help.example", source = "default: ours" }\n"sla.warn_pct"'
    assert changed("pack.toml", '"sla.warn_pct"', setting) == ()


def test_a_pack_says_who_and_what() -> None:
    pack = read_pack(DESK)
    assert (pack.id, pack.title, pack.time_zone, pack.process) == (
        "generic_desk", "Customer support", "UTC", "support_ticket",
    )  # fmt: skip
    assert pack.states["wait_customer"] == "Pending customer"
    assert list(pack.priorities) == ["critical", "high", "medium", "low"]
    assert pack.queues["tier1"].roles == ("agent_t1",)
    assert PackSource.from_files(pack.files) == pack


@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "line", "message"),
    [
        ("pack.toml", "[tiers]", "[teirs]", "unknown-key", 28, "found “teirs”"),
        ("pack.toml", '"UTC"', '"Mars/Base"', "time-zone", 4, "“Mars/Base” is none"),
        ("pack.toml", '["agent_t2"]', '["agent_t3"]', "unknown-role", 51, "names “agent_t3”"),
        ("pack.toml", '"support_ticket"', '"support_case"', "process", 5, "“support_case”"),
        ("pack.toml", 'high = "High"', "high = 2", "label", 24, "high = 2"),
        (BPMN, 'formId="triage"', 'formId="triage_form"', "unknown-form", None, "“triage_form” for “Triage ticket”"),
        (BPMN, 'candidateGroups="tier1"', 'candidateGroups="tier1,tier9"', "unknown-queue-or-role", None, "“tier9”"),
        (BPMN, 'casepath:state="escalated"', 'casepath:state="urgent"', "unknown-state", None, "“urgent”"),
        (BPMN, 'decisionId="priority"', 'decisionId="prio"', "unknown-decision", None, "“prio” for “Decide"),
        (BPMN, 'template="t_ack"', 'template="t_hello"', "unknown-template", None, "“t_hello”"),
        (BPMN, "=confirmation.remind_after", "P1M1M", None, None, "P1M1M"),
        ("forms/triage.form", '"bug_report"', '"defect"', "unknown-category", None, "offers “defect”"),
        ("forms/work.form", '"radio"', '"slider"', "form", 24, "'slider' is none"),
        ("forms/work.form", "=result != ", "=resulted != ", "unknown-variable", None, "asks for “resulted”"),
        ("templates/t_ack.md", "Subject:", "Betreff:", "template", 1, "Expected the first line"),
        ("templates/t_ack.md", '{{ label("priority", priority) }}', "{{ priority", "template", 5, "to be closed"),
        ("templates/t_ack.md", '{{ label("priority", priority) }}', "{{ 1 + }}", "template", 5, "Expected FEEL"),
        ("templates/t_ack.md", ", priority) }}", ", prioritaet) }}", "unfilled", 5, "nothing writes “prioritaet”"),
    ],
)  # fmt: skip
def test_a_finding_names_file_line_and_remedy(
    path: str, old: str, new: str, rule: str | None, line: int | None, message: str
) -> None:
    found = [it for it in changed(path, old, new) if message in it.message]
    assert found, changed(path, old, new)
    assert found[0].file == path
    assert found[0].remedy
    assert rule in (None, found[0].rule)
    assert found[0].line is not None if path.endswith(".bpmn") else line in (None, found[0].line)


def test_a_missing_file_is_found_where_it_is_named() -> None:
    missing = {(it.file, it.rule) for it in without("forms/work.form")}
    assert missing == {("bpmn/work_ticket.bpmn", "unknown-form"), ("requirements.toml", "requirements")}
    targets = {("bpmn/escalate_ticket.bpmn", "unknown-decision"), ("pack.toml", "unknown-decision")}
    assert {(it.file, it.rule) for it in without("dmn/targets.dmn")} == {
        *targets,
        ("requirements.toml", "requirements"),
    }
    assert {it.rule for it in without("templates/t_closed.md")} == {"unknown-template"}
    assert "process" in {it.rule for it in without(BPMN)}


OFFICE = '[office]\nmon_fri = ["09:00-17:00"]\n'


def without_calendar(path: str, source: str, **more: str) -> PackFinding:
    """The one finding of a file that asks a calendar `ofice`, in a pack that has an `office`."""
    (found,) = [
        it
        for it in with_files({"calendars.toml": OFFICE, path: source, **more})
        if it.file == path and it.severity == "error"
    ]
    assert found.rule == "unknown-calendar"
    assert found.message.startswith("Expected a calendar named “ofice” for “")
    assert found.remedy == "Add it to calendars.toml, or name one of: office."
    return found


def test_a_calendar_that_a_timer_names_must_be_there() -> None:
    sooner = '=working time after("ofice", now(), duration("PT4H"))'
    timed = draw(
        f"start s; user a; {boundary('late', 'a', timer('date', sooner))}; end e; end n",
        "s>a>e late>n",
        key="q",
    )
    found = without_calendar("bpmn/q.bpmn", timed.decode())
    assert found.element == "late"
    assert 'id="late"' in timed.decode().splitlines()[(found.line or 0) - 1]


def test_a_calendar_that_a_decision_names_must_be_there() -> None:
    cells = table(
        "FIRST",
        ["i"],
        [['is open("ofice", ?)', '"now"'], ["-", 'if i then next opening("office", i) else 1']],
    )
    found = without_calendar("dmn/when.dmn", definitions(given("i"), decision("when", cells, "i")).decode())
    assert found.line == 3


def test_a_calendar_that_a_form_or_a_template_names_must_be_there() -> None:
    hidden = {"hide": '=is open(calendar: "ofice", moment: now())'}
    part = {"type": "textfield", "id": "f1", "key": "phone", "conditional": hidden}
    form = json.dumps({"id": "call", "type": "default", "components": [part]}, indent=1)
    found = without_calendar("forms/call.form", form)
    assert found.element == "phone"
    assert '"phone"' in form.splitlines()[(found.line or 0) - 1]
    mail = (
        'Subject: Later\n\nWe open at\n{{ next opening(if ticket.vip then "office" else "ofice", now()) }}.\n'
    )
    assert without_calendar("templates/t_later.md", mail).line == 4


def test_a_setting_that_an_expression_names_must_be_there() -> None:
    found = with_files({"templates/t_later.md": 'Subject: Later\n\n{{ setting("ofice.hours") }}\n'})
    assert [(it.rule, it.line) for it in found] == [("unknown-setting", 3)]


def test_a_vocabulary_that_an_expression_names_must_be_there() -> None:
    mail = 'Subject: Later\n\n{{ label("queue", queue) }} {{ label("quue", queue) }}\n'
    (found,) = [it for it in with_files({"templates/t_later.md": mail}) if it.severity == "error"]
    assert (found.rule, found.line) == ("unknown-vocabulary", 3)
    assert "name one of: category, channel, goal, priority, queue, role, skill, state, tier" in found.remedy


def test_while_the_calendars_are_to_be_mended_nobody_is_told_that_one_is_missing() -> None:
    mail = 'Subject: Later\n\n{{ next opening("office", now()) }}\n'
    found = with_files({"calendars.toml": "[office]\n", "templates/t_later.md": mail})
    assert [it.rule for it in found] == ["never-opens"]


def test_two_forms_with_one_id_are_found() -> None:
    form = read_pack(DESK).files["forms/work.form"].decode()
    assert [it.rule for it in with_files({"forms/work_again.form": form})] == ["twice"]


def test_a_service_task_needs_a_handler_and_its_code_is_not_run() -> None:
    services = (
        'from engine.services import handler\n\n@handler("log_for_development")\ndef log(job): ...\n\n'
        "raise SystemExit(3)\n"
    )
    assert with_files({"services.py": services}) == ()
    broken = with_files({"services.py": "def broken(:\n"})
    assert ("services.py", "services", 1) in {(it.file, it.rule, it.line) for it in broken}
    assert "unknown-service" in {it.rule for it in with_files({"services.py": ""})}


def test_only_casepath_answers_services_of_the_desk_and_only_what_it_knows() -> None:
    (found,) = changed(BPMN, "desk.similar_tickets", "desk.similar")
    assert (found.rule, found.element) == ("unknown-service", "count_similar")
    assert found.message.endswith("but found “desk.similar”.")
    known = "desk.area, desk.open_tickets, desk.running, desk.similar_tickets"
    assert found.remedy == f"Name one of: {known}; names in services.py begin otherwise."
    handler = 'from engine.services import handler\n\n@handler("desk.similar_tickets")\ndef count(job): ...\n'
    findings = {(it.rule, it.message) for it in with_files({"services.py": handler})}
    sentence = "Expected a name of the pack's own, but handler “desk.similar_tickets” takes"
    assert ("services", f"{sentence} one of Casepath's.") in findings


@pytest.mark.parametrize(
    ("old", "new", "given"),
    [
        ('target="days"', 'target="within"', "category, within"),
        (f'{SIMILAR}\n            <zeebe:input source="=category" target="category" />', SIMILAR, "days"),
    ],
)
def test_a_service_of_the_desk_gets_what_it_needs(old: str, new: str, given: str) -> None:
    (found,) = [it for it in changed(BPMN, old, new) if it.element == "count_similar"]
    sentence = f"Expected “Count similar tickets” to hand in category, days, but it hands in {given}."
    assert (found.rule, found.message) == ("service-inputs", sentence)


def test_a_service_of_the_desk_may_get_what_it_can_do_without() -> None:
    changes = ("desk.similar_tickets", "desk.open_tickets"), ('target="days"', 'target="minutes"')
    area = (
        'target="category" />',
        'target="category" />\n            <zeebe:input source="=area" target="area" />',
    )
    for inputs, expected in (
        ((), set()),
        ((area,), set()),
        ((('target="category"', 'target="area"'),), {"service-inputs"}),
        ((area, area), {"service-inputs"}),
    ):
        text = files_of_desk()[BPMN].decode()
        head, _, rest = text.partition('id="count_similar"')
        for old, new in (*changes, *inputs):
            rest = rest.replace(old, new, 1)
        findings = with_files({BPMN: f'{head}id="count_similar"{rest}'})
        assert {it.rule for it in findings if it.element == "count_similar"} == expected, inputs
    last = next(it for it in findings if it.element == "count_similar")
    assert "to hand in category, minutes, and area if it is wished, but it hands in" in last.message


def test_settings_say_where_they_come_from() -> None:
    good = '[settings]\n"confirm.close" = { value = 72, unit = "h", source = "text 7" }\n'
    toml = files_of_desk()["pack.toml"].decode().replace("[settings]\n", good)
    pack = PackSource.from_files({**files_of_desk(), "pack.toml": toml.encode()})
    assert (pack.settings["confirm.close"].value, pack.settings["confirm.close"].unit) == (72, "h")
    assert check_pack(pack) == ()
    findings = with_files({"pack.toml": toml.replace("text 7", "somebody")})
    assert [(it.rule, it.line) for it in findings] == [("source", 56)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "Expected a pack.toml, but the pack has none."),
        ({"pack.toml": b'id = "a"\nid = "b"\n'}, "Expected TOML, but"),
        ({"pack.toml": b"id = \xff"}, "Expected UTF-8"),
    ],
)
def test_without_a_readable_manifest_there_is_no_pack(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(PackRefused) as caught:
        PackSource.from_files(files)
    assert message in str(caught.value)


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match=r"Expected a pack with a pack\.toml"):
        read_pack(tmp_path)


def test_what_is_no_part_of_a_pack_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text('id = "small"\n')
    for path in (".git/config", "__pycache__/services.pyc", ".DS_Store"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    assert list(read_pack(tmp_path).files) == ["pack.toml"]
