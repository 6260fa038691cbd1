"""Which version of a process a call activity takes: the one deployed with it, the newest, or the one with a tag."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine.errors import InvalidInput
from engine.people import operator
from engine.runtime.commands import SYSTEM, CompleteTask
from tests.office import MANIFEST, Office
from tests.parts.spiff.drawing import definitions, draw, extension, level, node, process

FORM = b"""{"id": "answer", "schemaVersion": 18, "type": "default", "components": [
  {"type": "textfield", "id": "f1", "key": "answer", "label": "Answer", "validate": {"required": true}}]}"""
HELPERS = MANIFEST.replace(b'id = "wk"', b'id = "hp"').replace(b'process = "p"', b'process = "q"')


def caller(binding: str, tag: str = "") -> bytes:
    says = f' versionTag="{tag}"' if tag else ""
    called = extension(f'<zeebe:calledElement processId="q" bindingType="{binding}"{says} />')
    return draw(f"start s; {node('call', 'ask', called)}; user after; end e", "s>ask>after>e")


def helper(task: str, tag: str = "", form: str = "") -> bytes:
    """Return the process q with one task."""
    version = extension(f'<zeebe:versionTag value="{tag}" />') if tag else ""
    shows = extension(f'<zeebe:formDefinition formId="{form}" />') if form else ""
    inside = level(f"start qs; {node('user', task, shows)}; end qe", f"qs>{task}>qe", prefix="q")
    return definitions(process("q", version + inside))


def deploy_helper(office: Office, diagram: bytes, **files: bytes) -> None:
    pack = {
        "pack.toml": HELPERS,
        "bpmn/q.bpmn": diagram,
        **{k.replace("__", "/"): v for k, v in files.items()},
    }
    office.casepath.deployments.deploy(office.desk_id, pack, operator())


def open_task(office: Office, instance: UUID) -> tuple[str, UUID]:
    tasks = office.casepath.reads.tasks(office.desk_id, state="open").items
    (task,) = [it for it in tasks if it.instance_id == instance]
    return task.element, task.id


def complete(office: Office, instance: UUID, **fields: str) -> None:
    command = CompleteTask(
        id=uuid4(),
        desk_id=office.desk_id,
        actor=SYSTEM,
        task_id=open_task(office, instance)[1],
        fields=fields,
    )
    office.casepath.engine.handle(command)


def test_a_call_of_the_latest_takes_what_is_newest_then_and_keeps_it(office: Office) -> None:
    office.deploy(caller("latest"))
    deploy_helper(office, helper("one"))
    early = office.open()
    deploy_helper(office, helper("two"))
    late = office.open()
    assert [open_task(office, it)[0] for it in (early, late)] == ["one", "two"]
    complete(office, early)
    assert open_task(office, early)[0] == "after"


def test_a_call_by_tag_takes_the_newest_version_with_that_tag(office: Office) -> None:
    office.deploy(caller("versionTag", "stable"))
    deploy_helper(office, helper("one", tag="stable"))
    deploy_helper(office, helper("two", tag="stable"))
    deploy_helper(office, helper("three", tag="next"))
    assert open_task(office, office.open())[0] == "two"


def test_a_call_of_what_nobody_deployed_stays_with_an_incident_until_it_is_there(office: Office) -> None:
    office.deploy(caller("versionTag", "stable"))
    deploy_helper(office, helper("one"))
    office.open()
    (incident,) = office.casepath.reads.incidents(office.desk_id)
    expected = (
        "At 'ask': Expected a deployed version with the tag 'stable' of the process 'q', but there is none."
    )
    assert (incident.element, incident.message) == ("ask", expected)


def test_the_task_of_a_called_pack_is_judged_by_that_packs_form(office: Office) -> None:
    office.deploy(caller("latest"))
    deploy_helper(office, helper("one", form="answer"), **{"forms/answer.form": FORM})
    instance = office.open()
    with pytest.raises(InvalidInput, match="form"):
        complete(office, instance)
    complete(office, instance, answer="yes")
    assert open_task(office, instance)[0] == "after"
