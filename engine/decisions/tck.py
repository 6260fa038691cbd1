"""Running the DMN Technology Compatibility Kit: folders of models with test cases.

A folder holds one or more `.dmn` files and `*-test-*.xml` files. A model is read leniently, because the kit asks
what an expression that is none yields: null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.decisions.errors import DmnRefused
from engine.decisions.model import Model
from engine.decisions.reading import read_leniently
from engine.decisions.xml import Element, child, children, local, read_root
from engine.errors import CasepathError
from engine.feel import temporal
from engine.feel.evaluation import Run, Surroundings
from engine.feel.numbers import read_number
from engine.feel.operators import equal
from engine.feel.printing import literal_text

TESTS = frozenset({"http://www.omg.org/spec/DMN/20160719/testcase"})
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TOLERANCE = Decimal("1e-8")
# The kit only asks whether now() and today() answer, so any moment will do.
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TckCase:
    """One test case; where it asks for several decisions, the values are contexts by their names."""

    folder: str
    case: str
    result: str
    expected: str
    actual: str
    message: str

    @property
    def passed(self) -> bool:
        """Whether every decision that the case asks for was answered as expected."""
        return self.result == "passed"


@dataclass(frozen=True, slots=True)
class TckReport:
    """All cases that were run; `result` of each is `passed` or `failed`."""

    cases: tuple[TckCase, ...]

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(case.passed for case in self.cases)

    @property
    def failed(self) -> int:
        """How many failed."""
        return len(self.cases) - self.passed

    def as_json(self) -> dict[str, Any]:
        """Return `{"passed": n, "failed": n, "cases": [{"folder", "case", "result", …}]}`."""
        return {"passed": self.passed, "failed": self.failed, "cases": [asdict(case) for case in self.cases]}


def run_folders(paths: Sequence[Path]) -> TckReport:
    """Run all cases in some folders, and in the folders inside them."""
    return TckReport(
        tuple(case for path in paths for folder in _folders(path) for case in _run_folder(folder))
    )


def _folders(path: Path) -> list[Path]:
    return sorted({model.parent for model in path.rglob("*.dmn")})


def _run_folder(folder: Path) -> Iterator[TckCase]:
    models = _read_models(folder)
    for file in sorted(folder.glob("*-test-*.xml")):
        root = read_root(file.read_bytes(), file.name, "testCases", TESTS)
        model_name = child(root, "modelName")
        model = models.get((model_name.text or "") if model_name is not None else "")
        for case in children(root, "testCase"):
            yield _run_case(folder.name, model, case)


def _read_models(folder: Path) -> dict[str, Model | DmnRefused]:
    """Read the models of a folder, those first that others import."""
    sources = {file.name: file.read_bytes() for file in sorted(folder.glob("*.dmn"))}
    read: dict[str, Model | DmnRefused] = {}
    world: dict[str, Model] = {}
    pending = list(sources)
    for name in pending * len(sources):
        if name in read:
            continue
        model = _read(sources[name], name, world)
        if model is not None:
            read[name] = model
            if isinstance(model, Model):
                world[model.namespace] = model
    return read


def _read(source: bytes, name: str, world: dict[str, Model]) -> Model | DmnRefused | None:
    """Return the model, why it is refused, or None while a model that it imports was not read yet."""
    try:
        root = read_root(source, name)
        if any(each.get("namespace") not in world for each in children(root, "import")):
            return None
        return read_leniently(source, name, world)
    except DmnRefused as refusal:
        return refusal


def _run_case(folder: str, model: Model | DmnRefused | None, case: Element) -> TckCase:
    expected: dict[str, Any] = {}
    actual: dict[str, Any] = {}
    messages: list[str] = []
    for node in children(case, "resultNode"):
        name = node.get("name", "")
        expected[name] = _value(child(node, "expected"))
        actual[name], warnings = _ask(model, case, name)
        if not same(actual[name], expected[name]):
            messages.append(warnings or "Expected another value.")
    result = "failed" if messages else "passed"
    return TckCase(folder, case.get("id", ""), result, _shown(expected), _shown(actual), "; ".join(messages))


def _ask(model: Model | DmnRefused | None, case: Element, name: str) -> tuple[Any, str]:
    """Return what the model answers, and what it warns of, or why it gives no answer at all."""
    if not isinstance(model, Model):
        return None, str(model or "Expected the model of the case to be in the folder but it is not.")
    inputs = {each.get("name", ""): _value(each) for each in children(case, "inputNode")}
    service = case.get("type") == "decisionService"
    try:
        result = model.evaluate(
            case.get("invocableName", "") if service else name, inputs, Surroundings(MOMENT)
        )
    except CasepathError as error:
        return None, str(error)
    value = result.value
    inside = service and isinstance(value, dict) and name in value
    return (value[name] if inside else value), "; ".join(result.warnings)


def _shown(values: dict[str, Any]) -> str:
    return literal_text(next(iter(values.values())) if len(values) == 1 else values)


def same(actual: Any, expected: Any) -> bool:
    """Tell whether a value is the expected one; numbers may differ by a hundred-millionth, as the kit allows."""
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(same(actual[key], expected[key]) for key in actual)
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= TOLERANCE
    if type(actual) is not type(expected):
        return False
    return equal(actual, expected, Run()) is True


def _value(element: Element | None) -> Any:
    """Return the value that an `inputNode`, `expected`, `item` or `component` holds."""
    if element is None or element.get(NIL) == "true":
        return None
    components = list(children(element, "component"))
    if components:
        return {each.get("name", ""): _value(each) for each in components}
    for part in element:
        if local(part) == "list":
            return None if part.get(NIL) == "true" else [_value(item) for item in children(part, "item")]
        if local(part) == "value":
            return _simple(part)
    return None


def _simple(element: Element) -> Any:
    if element.get(NIL) == "true":
        return None
    text = element.text or ""
    read = _SIMPLE.get((element.get(TYPE) or "").rpartition(":")[2])
    value = None if read is None else read(text.strip())
    return text if value is None else value  # what we can't read must not pass for null


_SIMPLE: dict[str, Any] = {
    "boolean": lambda text: text == "true",
    "decimal": read_number,
    "double": read_number,
    "integer": read_number,
    "date": temporal.read_date,
    "time": temporal.parse_time,
    "dateTime": temporal.read_date_time,
    "duration": temporal.read_duration,
}
