"""Whether the files of a pack fit together: every name that a diagram uses is there, every file can be read.

Nothing here runs a pack's code: `services.py` is only looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.amounts import check_amounts
from engine.catalog.assigning import wanted_skills
from engine.catalog.builtin import check_builtin, check_handlers, is_builtin
from engine.catalog.connectors import area_of, check_connectors
from engine.catalog.findings import PackFinding
from engine.catalog.goals import Known, check_goals
from engine.catalog.inside import names_inside
from engine.catalog.known import known_variables
from engine.catalog.named import Asking, unknown_names
from engine.catalog.operations import check_operation
from engine.catalog.pack import MANIFEST, PackSource, template_name
from engine.catalog.paths import shown_path
from engine.catalog.receivers import check_receivers
from engine.catalog.requirements import check_requirements
from engine.catalog.targets import check_targets
from engine.catalog.templates import REPLY, Template, TemplateRefused
from engine.decisions import DmnRefused, Model, read_dmn
from engine.flow import check_flow
from engine.forms import Form, check_form
from engine.records import AREAS
from engine.spiff import CUSTOMER, Diagram, DiagramRefused, Element, Finding, Program, check_diagram


@dataclass
class Contents:
    """The files of a pack as they were read; what could not be read is missing and stands in `findings`."""

    diagrams: dict[str, Diagram] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    form_paths: dict[str, str] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    findings: list[PackFinding] = field(default_factory=list)

    @property
    def forms_by_path(self) -> dict[str, Form]:
        """The forms by where they lie."""
        return {self.form_paths[form_id]: form for form_id, form in self.forms.items()}

    @property
    def asked(self) -> set[str]:
        """The types of services that diagrams ask for."""
        return {
            it.service for diagram in self.diagrams.values() for it in diagram.elements.values() if it.service
        }

    @property
    def decisions(self) -> set[str]:
        """The ids of all decisions."""
        return {it.id for model in self.models.values() for it in model.decisions}


def check_pack(pack: PackSource) -> tuple[PackFinding, ...]:
    """Return everything that is wrong with a pack, in the order of its files. Never raises on a bad file."""
    contents = read_contents(pack)
    findings = [*pack.problems, *contents.findings, *_root_process(pack, contents)]
    findings.extend(check_handlers(contents.services))
    known_names = [(it, set(it.known(pack, contents))) for it in _REFERENCES]
    for path, diagram in contents.diagrams.items():
        for element in diagram.elements.values():
            findings.extend(_references(element, path, known_names))
            findings.extend(check_builtin(element, path))
            findings.extend(check_operation(element, path))
    for path, found in check_flow(contents.diagrams).items():
        findings.extend(_moved(it, path) for it in found)
    findings.extend(check_goals(pack.goals, _known_to_goals(pack, contents), pack.places))
    findings.extend(check_targets(pack, contents.models))
    findings.extend(check_connectors(pack.connectors, contents.asked, AREAS, pack.places))
    findings.extend(_choices_of_forms(pack, contents))
    findings.extend(check_amounts(contents.diagrams.values(), contents.forms_by_path))
    findings.extend(unknown_names(pack, asking(contents)))
    findings.extend(check_receivers(pack, contents.templates))
    findings.extend(check_requirements(pack, _inside(pack, contents)))
    known = known_variables(contents.diagrams.values(), contents.forms)
    findings.extend((*_placeholders(contents, known), *_conditions(contents, known)))
    return tuple(sorted(findings, key=lambda it: (it.file, it.line or 0)))


def read_contents(pack: PackSource) -> Contents:
    """Read every diagram, decision, form and template of a pack."""
    contents = Contents()
    _read_diagrams(pack, contents)
    _read_forms(pack, contents)
    _read_templates(pack, contents)
    _read_decisions(pack, contents)
    for path in pack.services:
        _read_services(path, pack.files[path], contents)
    return contents


def _read_diagrams(pack: PackSource, contents: Contents) -> None:
    for path, source in pack.under("bpmn").items():
        diagram, findings = check_diagram(source, path)
        contents.findings.extend(_moved(it, path) for it in findings)
        if diagram is not None:
            contents.diagrams[path] = diagram
    try:
        Program.link(contents.diagrams.values())
    except DiagramRefused as refusal:
        owners = {element: path for path, it in contents.diagrams.items() for element in it.elements}
        for finding in refusal.findings:
            contents.findings.append(_moved(finding, owners.get(finding.element or "", "bpmn")))


def _moved(finding: Finding, path: str) -> PackFinding:
    """A finding of one file, as a finding of the pack."""
    return PackFinding(
        path,
        finding.rule,
        finding.message,
        finding.remedy,
        finding.line,
        finding.element,
        finding.severity,
        finding.path,
    )


def _read_forms(pack: PackSource, contents: Contents) -> None:
    for path, source in pack.under("forms").items():
        read, findings = check_form(source, template_name(path))
        for it in findings:
            contents.findings.append(PackFinding(path, "form", it.message, it.remedy, it.line, it.component))
        if read is None:
            continue
        form_id, components = read
        if form_id in contents.forms:
            other = shown_path(contents.form_paths[form_id])
            message = f"Expected each form id once, but “{form_id}” stands also in {other}."
            contents.findings.append(PackFinding(path, "twice", message, "Give one of them another id."))
        contents.forms[form_id] = Form(form_id, components, source)
        contents.form_paths[form_id] = path


def _read_decisions(pack: PackSource, contents: Contents) -> None:
    for path, source in pack.under("dmn").items():
        try:
            contents.models[path] = read_dmn(source, path)
        except DmnRefused as refusal:
            for it in refusal.findings:
                remedy = "Correct the decision with a DMN editor."
                contents.findings.append(PackFinding(path, "dmn", it.sentence, remedy, it.line, it.element))


def _read_templates(pack: PackSource, contents: Contents) -> None:
    for path, source in pack.under("templates").items():
        try:
            contents.templates[path] = Template.read(source, template_name(path))
        except TemplateRefused as refusal:
            for it in refusal.problems:
                contents.findings.append(PackFinding(path, "template", it.message, it.remedy, it.line))


def _read_services(path: str, source: bytes, contents: Contents) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        message = f"Expected Python, but: {error}."
        contents.findings.append(PackFinding(path, "services", message, "Correct the file.", line))
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            contents.services.update(_handled(node))


def _handled(function: ast.FunctionDef) -> Iterator[str]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and len(mark.args) == 1 and isinstance(mark.args[0], ast.Constant):
            yield str(mark.args[0].value)


def _root_process(pack: PackSource, contents: Contents) -> Iterator[PackFinding]:
    keys = {key for diagram in contents.diagrams.values() for key in diagram.processes}
    if pack.base:
        return
    if not pack.under("bpmn"):
        message = "Expected at least one diagram under bpmn/, but there is none."
        yield PackFinding(MANIFEST, "no-process", message, "Save a process there.")
    if pack.process is None and len(keys) > 1:
        message = f"Expected the process that a ticket starts with, but there are {', '.join(sorted(keys))}."
        yield PackFinding(MANIFEST, "process", message, 'Write process = "…".')
    if pack.process is not None and keys and pack.process not in keys:
        message = f"Expected process “{pack.process}” in one of the diagrams, but there is none."
        file, line = pack.places.at("process")
        yield PackFinding(file, "process", message, f"Write one of {', '.join(sorted(keys))}.", line)


@dataclass(frozen=True)
class _Reference:
    """One kind of name that a diagram uses, and where it must stand."""

    what: str
    names: Callable[[Element], Iterable[str]]
    known: Callable[[PackSource, Contents], Iterable[str]]
    home: str


def _one(name: str) -> Callable[[Element], Iterable[str]]:
    def names(element: Element) -> Iterable[str]:
        value = getattr(element, name)
        return [value] if value and not value.startswith("=") else []

    return names


def _connected(pack: PackSource, contents: Contents) -> Iterable[str]:
    """The services that go out by a connector, and need no handler."""
    return [it for it in contents.asked if area_of(it) in pack.connectors]


def _own_service(element: Element) -> Iterable[str]:
    return [it for it in _one("service")(element) if not is_builtin(it)]


def _groups(element: Element) -> Iterable[str]:
    text = element.candidate_groups or ""
    return [] if text.startswith("=") else [part.strip() for part in text.split(",") if part.strip()]


def _forms(element: Element) -> Iterable[str]:
    own = element.action.form if element.action else None
    return [*_one("form")(element), *([own] if own else [])]


def _pressers(element: Element) -> Iterable[str]:
    """An action may be offered to queues and roles of the pack, to roles of every desk, and to the customer."""
    return element.action.groups if element.action else ()


_REFERENCES = (
    _Reference("form", _forms, lambda pack, it: it.forms, "forms/"),
    _Reference("state", _one("state"), lambda pack, it: pack.states, "[states] of pack.toml"),
    _Reference("decision", _one("decision"), lambda pack, it: it.decisions, "dmn/"),
    _Reference(
        "template",
        _one("template"),
        lambda pack, it: [template_name(path) for path in it.templates],
        "templates/",
    ),
    _Reference("goal", _one("goal"), lambda pack, it: pack.goals, "[goals] of pack.toml"),
    _Reference(
        "service", _own_service, lambda pack, it: [*it.services, *_connected(pack, it)], "services.py"
    ),
    _Reference(
        "queue or role",
        _groups,
        lambda pack, it: [*pack.queues, *pack.roles],
        "[queues] or [roles] of pack.toml",
    ),
    _Reference(
        "queue or role",
        _pressers,
        lambda pack, it: [*pack.queues, *pack.roles, "agent", "lead", CUSTOMER],
        "[queues] or [roles] of pack.toml",
    ),
    _Reference("skill", wanted_skills, lambda pack, it: pack.skills, "[skills] of pack.toml"),
)


def _references(
    element: Element, path: str, known_names: list[tuple[_Reference, set[str]]]
) -> Iterator[PackFinding]:
    for reference, known in known_names:
        for name in reference.names(element):
            if name not in known:
                message = (
                    f"Expected a {reference.what} named “{name}” for “{element.title}”, but there is none."
                )
                remedy = (
                    f"Add it to {reference.home}, or name one of: {', '.join(sorted(known)) or 'none yet'}."
                )
                rule = f"unknown-{reference.what.replace(' ', '-')}"
                yield PackFinding(path, rule, message, remedy, element.line, element.id)


def _known_to_goals(pack: PackSource, contents: Contents) -> Known:
    elements = {id: it for diagram in contents.diagrams.values() for id, it in diagram.elements.items()}
    return Known(
        states=pack.states,
        templates=[template_name(path) for path in contents.templates],
        decisions=contents.decisions,
        elements=elements,
        settings=pack.settings,
        reached={it.state for it in elements.values() if it.state},
        sent={it.template for it in elements.values() if it.template},
    )


def asking(contents: Contents) -> Asking:
    """Return the files of a pack that hold expressions."""
    return Asking(contents.diagrams, contents.models, contents.forms_by_path, contents.templates)


def _inside(pack: PackSource, contents: Contents) -> Mapping[str, Iterable[str]]:
    return names_inside(pack, contents.diagrams, contents.models, contents.forms_by_path)


def _choices_of_forms(pack: PackSource, contents: Contents) -> Iterator[PackFinding]:
    """A form that offers a category or priority which the pack doesn't know would write one that nobody can find."""
    vocabularies: Mapping[str, Mapping[str, str]] = {"category": pack.categories, "priority": pack.priorities}
    for form_id, form in contents.forms.items():
        for component in form.inputs():
            known = vocabularies.get(component.key or "", {})
            for option in component.options:
                if known and option.value not in known:
                    message = f"Expected a {component.key} of the pack, but the form offers “{option.value}”."
                    remedy = f"Use one of: {', '.join(known)}."
                    path = contents.form_paths[form_id]
                    yield PackFinding(
                        path, f"unknown-{component.key}", message, remedy, element=component.key
                    )


def _conditions(contents: Contents, known: frozenset[str]) -> Iterator[PackFinding]:
    for form_id, form in contents.forms.items():
        for component in (part for top in form.components for part in top.walk()):
            asked = [it for it in (component.hide, component.money) if it is not None]
            for name in sorted({name for it in asked for name in it.names} - known):
                message = (
                    f"Expected a variable that something writes, but “{component.name}” asks for “{name}”."
                )
                remedy = "Correct the name; one that nothing writes is null."
                path, place = contents.form_paths[form_id], component.key or component.id
                yield PackFinding(
                    path, "unknown-variable", message, remedy, element=place, severity="warning"
                )


def _placeholders(contents: Contents, known: frozenset[str]) -> Iterator[PackFinding]:
    for path, template in contents.templates.items():
        for placeholder in template.placeholders:
            own = {"reply"} if template_name(path) == REPLY else set()
            for name in sorted(placeholder.expression.names - known - own):
                message = f"Expected a variable that the process writes, but nothing writes “{name}”."
                remedy = "Correct the name, or write the variable before the mail is sent."
                yield PackFinding(path, "unfilled", message, remedy, placeholder.line, severity="warning")
