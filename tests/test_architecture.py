"""The layers of docs/architecture.md, kept: imports go downwards only, and each fence holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lower number = lower layer. A module may import its own layer and lower ones.
LAYERS: tuple[tuple[str, int], ...] = (
    ("engine.errors", 0),
    ("engine.clock", 0),
    ("engine.ids", 0),
    ("engine.settings", 0),
    ("engine.services", 0),
    ("engine.links", 0),
    ("engine.message_ids", 0),
    ("engine.cards", 0),
    ("engine.currencies", 0),
    ("engine.remembering", 0),
    ("engine.feel", 1),
    ("engine.calendars", 1),
    ("engine.money", 1),
    ("engine.goals", 2),
    ("engine.decisions", 2),
    ("engine.forms", 2),
    ("engine.records", 2),
    ("engine.mail", 2),
    ("engine.spiff", 3),
    ("engine.drawing", 3),
    ("engine.flow", 4),
    ("engine.catalog", 4),
    ("engine.runtime", 5),
    ("engine.tickets", 5),
    ("engine.desks", 5),
    ("engine.audit", 6),
    ("engine.store", 7),
    ("engine.reads", 8),
    ("engine.worlds", 9),
    ("engine.tuning", 9),
    ("engine.engine", 9),
    ("engine.deployments", 9),
    ("engine.heirs", 9),
    ("engine.people", 9),
    ("engine.looking", 9),
    ("engine.deadlines", 9),
    ("engine.desk_services", 9),
    ("engine.repairs", 9),
    ("engine.replying", 9),
    ("engine.correlation", 9),
    ("engine.mailroom", 9),
    ("engine.uploads", 9),
    ("engine.bookkeeping", 9),
    ("engine.assignment", 9),
    ("engine.workers.queues", 7),
    ("engine.bootstrap", 10),
    ("engine.embedded", 10),
    ("engine.workers", 11),
    ("engine.listener", 11),
    ("engine.scenarios", 11),
    ("engine.samples", 11),
    ("engine.installing", 12),
    ("engine.doctor", 12),
    ("engine.bench", 12),
    ("engine.up", 13),
    ("webui", 12),
    ("engine.cli", 14),
)
PURE = ("engine/runtime", "engine/tickets", "engine/desks", "engine/catalog", "engine/store", "engine/audit")
PURE += ("engine/spiff", "engine/flow", "engine/calendars", "engine/goals", "engine/feel", "engine/decisions")
PURE += ("engine/forms",)


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The modules a file imports at run time, with their lines; what only a type checker reads is left out."""
    tree = ast.parse(path.read_text())
    typed = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    hidden = {id(inner) for block in typed for inner in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def layer(module: str) -> int | None:
    found = [(len(name), level) for name, level in LAYERS if module == name or module.startswith(name + ".")]
    return max(found)[1] if found else None


def test_every_module_belongs_to_a_layer() -> None:
    homeless = [module_name(path) for path in sources("engine", "webui") if layer(module_name(path)) is None]
    assert [name for name in homeless if name != "engine"] == []


def test_imports_go_downwards_only() -> None:
    upward = []
    for path in sources("engine", "webui"):
        own = layer(module_name(path))
        for line, module in imports(path):
            other = layer(module)
            if own is not None and other is not None and other > own:
                upward.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert upward == []


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("SpiffWorkflow", ("engine/spiff/",)),
        ("flask", ("webui/",)),
        ("rq", ("engine/workers/",)),
    ],
)
def test_a_library_stays_behind_its_fence(library: str, homes: tuple[str, ...]) -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources("engine", "webui")
        for line, module in imports(path)
        if module.split(".")[0] == library and not str(path.relative_to(ROOT)).startswith(homes)
    ]
    assert strays == []


def test_pages_see_neither_the_store_nor_the_fence() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources("webui")
        for line, module in imports(path)
        if module.startswith(("engine.store", "engine.spiff"))
    ]
    assert strays == []


def test_what_is_explored_is_read_in_the_fence_s_public_words() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources("engine/flow")
        for line, module in imports(path)
        if module.startswith("engine.") and not module.startswith("engine.flow") and module != "engine.spiff"
    ]
    assert strays == []


def test_the_pure_parts_know_no_web_no_queue_no_redis() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(*PURE)
        for line, module in imports(path)
        if module.split(".")[0] in ("flask", "rq", "redis")
    ]
    assert strays == []


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time(_ns)?\(")
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("engine", "webui")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if readers.search(line) and path.name != "clock.py"
    ]
    assert strays == []
