"""Three small packs, each built on the next: a desk, the core of its trade, and what every trade shares."""

from __future__ import annotations

from pathlib import Path

from tests.parts.spiff.drawing import draw, extension, node

BASE = """id = "base"
title = "Shared processes"
base = true
process = "enquiry"

[states]
new = "New"
closed = "Closed"

[roles]
agent = "Agent"

[queues]
first = { title = "First line", roles = ["agent"] }

[settings]
"ask.within" = { value = 4, unit = "h", source = "default: nobody said", title = "Ask within" }
"""
CORE = """id = "core"
title = "A trade"
extends = "base"
time_zone = "Europe/Rome"

[settings]
"ask.within" = { value = 8, source = "text 7" }
"""
DESK = """id = "desk"
title = "A desk"
extends = "core"

[queues]
second = { title = "Second line", roles = ["agent"] }
first = { title = "Front desk" }
"""
FORM = (
    '{"type": "default", "id": "ask", "components": [{"type": "textfield", "key": "%s", "label": "Answer"}]}'
)
OPEN_ALL_DAY = '[always]\ntitle = "Always"\nalways = true\n'
OFFICE = '[office]\ntitle = "%s"\nmon_fri = ["%s"]\n'
HANDLER = """from engine.services import Job, handler


@handler("%s")
def answer(job: Job) -> dict[str, str]:
    return {"by": "%s"}
"""
SCENARIO = """pack: base
title: Asked and answered
clock: 2026-03-02T09:00:00Z
steps:
  - open: {subject: A question, requester: {name: Ann}}
  - complete: {task: ask, fields: {}}
  - expect: {tasks: [], path: [ask]}
"""
MAIL = "Subject: Hello from %s\n\nDear customer.\n"


def asking(*tasks: str, key: str = "enquiry") -> bytes:
    """A process of user tasks in the first queue, each with the form `ask`."""
    inside = extension(
        '<zeebe:assignmentDefinition candidateGroups="first" /><zeebe:formDefinition formId="ask" />'
    )
    users = [node("user", task, inside, name=task.capitalize()) for task in tasks]
    return draw("; ".join(["start s", *users, "end e"]), ">".join(["s", *tasks, "e"]), key=key)


FILES: dict[str, dict[str, str | bytes]] = {
    "base": {
        "pack.toml": BASE,
        "bpmn/enquiry.bpmn": asking("ask"),
        "forms/ask.form": FORM % "answer",
        "templates/t_hello.md": MAIL % "base",
        "services.py": HANDLER % ("greet", "base"),
        "calendars.toml": OFFICE % ("Office", "09:00-17:00") + OPEN_ALL_DAY,
        "scenarios/asked.yaml": SCENARIO,
    },
    "core": {"pack.toml": CORE, "forms/ask.form": FORM % "longer_answer"},
    "desk": {
        "pack.toml": DESK,
        "templates/t_hello.md": MAIL % "desk",
        "services.py": HANDLER % ("part", "desk"),
        "calendars.toml": OFFICE % ("Shop", "10:00-18:00"),
    },
}


def write_family(folder: Path, **changes: dict[str, str | bytes]) -> Path:
    """Write the three packs beside each other, with other or further files; return the folder of the desk's."""
    for pack, files in FILES.items():
        write_pack(folder / pack, {**files, **changes.get(pack, {})})
    return folder / "desk"


def write_pack(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files of one pack; return its folder."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
