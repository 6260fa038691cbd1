"""What came of running scenarios: for people, and as JUnit XML for build servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

OUTCOMES = "passed", "failed", "broken"


@dataclass(frozen=True)
class Result:
    """One scenario: passed, failed (an expectation is not met) or broken (its file, or its pack, can't be run).

    `sentences` say what is wrong; `trace` is the ticket's story up to there; `steps` how many were done.
    """

    path: Path
    title: str
    outcome: str
    line: int | None = None
    sentences: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    steps: int = 0

    def lines(self) -> Iterator[str]:
        """Yield the result for a terminal."""
        place = f"{self.path}:{self.line}  " if self.line else ""
        yield f"{self.outcome:7} {place}{self.title}"
        yield from (f"        {sentence}" for sentence in self.sentences)
        if self.trace:
            yield "        the ticket so far:"
            yield from (f"          {told}" for told in self.trace)


@dataclass(frozen=True)
class Report:
    """All scenarios of a run, in order."""

    results: tuple[Result, ...] = field(default_factory=tuple)

    @property
    def passed(self) -> bool:
        """Whether there was at least one scenario and every one passed."""
        return bool(self.results) and all(it.outcome == "passed" for it in self.results)

    def text(self) -> str:
        """Return the report for a terminal."""
        lines = [line for result in self.results for line in result.lines()]
        counts = ", ".join(f"{sum(it.outcome == name for it in self.results)} {name}" for name in OUTCOMES)
        return "\n".join([*lines, counts])

    def junit(self) -> str:
        """Return the report as JUnit XML: a test suite for each folder, a test case for each scenario."""
        root = ElementTree.Element("testsuites", name="casepath scenarios")
        for folder in dict.fromkeys(it.path.parent for it in self.results):
            inside = [it for it in self.results if it.path.parent == folder]
            failures = str(sum(it.outcome == "failed" for it in inside))
            errors = str(sum(it.outcome == "broken" for it in inside))
            suite = ElementTree.SubElement(
                root, "testsuite", name=str(folder), tests=str(len(inside)), failures=failures, errors=errors
            )
            for result in inside:
                _case(suite, result)
        return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, result: Result) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=result.path.parent.name, name=result.path.stem)
    if result.outcome != "passed":
        kind = "failure" if result.outcome == "failed" else "error"
        told = ElementTree.SubElement(case, kind, message=" ".join(result.sentences))
        told.text = "\n".join(result.lines())
