"""From a DMN file to a model. All that is wrong is found in one go, with element and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.decisions import tables
from engine.decisions.boxed import READERS, BoxedReader, function_definition
from engine.decisions.errors import DmnRefused, Finding
from engine.decisions.items import read_items
from engine.decisions.model import Model, Note
from engine.decisions.nodes import Decision, DecisionService, InputData, Knowledge, Node, Requirement
from engine.decisions.xml import (
    MAX_DEPTH,
    Element,
    child,
    children,
    label,
    line_of,
    local,
    read_root,
    text_of,
)
from engine.feel.errors import FeelLimitError
from engine.feel.types import FeelType
from engine.remembering import remembered

__all__ = ["read_dmn", "read_leniently", "tables"]

_NAMED = (
    "variable",
    "itemComponent",
    "formalParameter",
    "inputData",
    "decision",
    "column",
    "import",
    "parameter",
)
_REQUIRED = ("requiredDecision", "requiredInput", "requiredKnowledge")


def read_dmn(source: bytes, name: str, imports: Mapping[str, Model] | None = None) -> Model:
    """Return the model that a DMN file (1.2 to 1.5) holds.

    `name` stands in messages; `imports` are the models that this one may import, by namespace. Raises DmnRefused
    with all findings: no XML, no DMN, broken FEEL, unknown references, functions that are not FEEL.
    """
    model = read_leniently(source, name, imports) if imports else _read_alone(source, name)
    if model.findings:
        raise DmnRefused(name, model.findings)
    return model


@remembered(most=256)
def _read_alone(source: bytes, name: str) -> Model:
    """Packs that share a decision are read one after the other; a model is never changed."""
    return read_leniently(source, name)


def read_leniently(source: bytes, name: str, imports: Mapping[str, Model] | None = None) -> Model:
    """As `read_dmn`, but what is wrong with single elements stands in the model's findings; there they are null."""
    return _ModelReader(read_root(source, name), name, dict(imports or {})).read()


class _ModelReader:
    def __init__(self, root: Element, name: str, imports: dict[str, Model]) -> None:
        self.root = root
        self.name = name
        self.namespace = root.get("namespace", "")
        self.imports = imports
        self.aliases = {each.get("namespace", ""): each.get("name", "") for each in children(root, "import")}
        self.findings: list[Finding] = []
        self.types: dict[str, FeelType] = {}
        self.boxed = BoxedReader(list(_names(root, imports)), self.types, self.find)

    def find(self, element: Element, sentence: str) -> None:
        """Note what is wrong with an element."""
        self.findings.append(Finding(label(element), line_of(element), sentence))

    def read(self) -> Model:
        self._check_depth()
        self._import_types()
        read_items(self.root, self.types, self.boxed.tests)
        world = dict(self.imports)
        nodes = {node.id: node for node in self._nodes()}
        self._check_requirements(nodes)
        title = self.root.get("name") or self.name
        named = tuple(self.boxed.named)
        read = (self.types, tuple(self.findings), named, dict(_notes(self.root)))
        model = Model(title, self.namespace, nodes, world, *read)
        world[self.namespace] = model
        return model

    def _check_depth(self) -> None:
        for element in self.root.iter():
            if sum(1 for _ in element.iterancestors()) > MAX_DEPTH:
                raise FeelLimitError(
                    f"Expected elements at most {MAX_DEPTH} deep but {self.name} goes deeper."
                )

    def _import_types(self) -> None:
        for element in children(self.root, "import"):
            namespace, alias = element.get("namespace", ""), element.get("name", "")
            if namespace not in self.imports and "MODEL" in element.get("importType", "MODEL"):
                self.find(element, f"Expected the imported model {namespace} to be at hand but it is not.")
            elif namespace in self.imports:
                types = self.imports[namespace].types.items()
                self.types.update({f"{alias}.{name}" if alias else name: kind for name, kind in types})

    def _nodes(self) -> Iterator[Node]:
        readers = {
            "decision": self._decision,
            "inputData": self._input,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        seen: set[str] = set()
        for element in self.root:
            if local(element) in readers:
                identity = element.get("id") or element.get("name") or ""
                if identity in seen:
                    self.find(element, f"Expected each id once but {identity} stands twice.")
                seen.add(identity)
                yield readers[local(element)](element, identity)

    def _decision(self, element: Element, identity: str) -> Node:
        variable = child(element, "variable")
        logic = self.boxed.inside(element)
        if child(element, *READERS) is None:
            self.find(element, "Expected a decision to have an expression but it has none.")
        kind = self.boxed.type(variable)
        return Decision(identity, self._name(element), kind, tuple(self._requirements(element)), logic)

    def _input(self, element: Element, identity: str) -> Node:
        variable = child(element, "variable")
        type_name = "" if variable is None else variable.get("typeRef", "")
        return InputData(identity, self._name(element), self.boxed.type(variable), type_name)

    def _knowledge(self, element: Element, identity: str) -> Node:
        logic, name = child(element, "encapsulatedLogic"), self._name(element)
        if logic is None:
            self.find(element, "Expected a business knowledge model to have logic but it has none.")
            return Knowledge(identity, name, (), lambda scope: None)
        requirements = tuple(self._requirements(element))
        return Knowledge(identity, name, requirements, function_definition(self.boxed, logic, name))

    def _service(self, element: Element, identity: str) -> Node:
        def members(tag: str) -> tuple[Requirement, ...]:
            return tuple(self._reference(each) for each in children(element, tag))

        kind = self.boxed.type(child(element, "variable"))
        parts = members("outputDecision"), members("inputDecision"), members("inputData")
        return DecisionService(identity, self._name(element), kind, *parts)

    def _name(self, element: Element) -> str:
        variable = child(element, "variable")
        own = element.get("name") or label(element)
        return own if variable is None else variable.get("name") or own

    def _requirements(self, element: Element) -> Iterator[Requirement]:
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for reference in children(requirement, *_REQUIRED):
                yield self._reference(reference)

    def _reference(self, element: Element) -> Requirement:
        namespace, _, identity = (element.get("href") or "").rpartition("#")
        namespace = namespace or self.namespace
        return Requirement(namespace, identity, self.aliases.get(namespace, ""))

    def _check_requirements(self, nodes: Mapping[str, Node]) -> None:
        for element in self.root.iter():
            if local(element) in (*_REQUIRED, "outputDecision", "inputDecision") and element.get("href"):
                needed = self._reference(element)
                known = nodes if needed.namespace == self.namespace else self._imported(needed.namespace)
                if needed.id not in known:
                    self.find(element, f"Expected {element.get('href')} to be in the model but it is not.")

    def _imported(self, namespace: str) -> Mapping[str, Node]:
        return self.imports[namespace].nodes if namespace in self.imports else {}


def _notes(root: Element) -> Iterator[tuple[str, Note]]:
    """Yield what stands beside the rules that have an id: their descriptions, and their annotation entries."""
    for table in (it for it in root.iter() if local(it) == "decisionTable"):
        first = label(table) if table.get("hitPolicy") == "FIRST" else ""
        for rule in (it for it in children(table, "rule") if it.get("id")):
            said = [it.text or "" for it in children(rule, "description")]
            said += [text_of(it) for it in children(rule, "annotationEntry")]
            text = "; ".join(" ".join(it.split()) for it in said if it.strip())
            yield str(rule.get("id")), Note(text, first)


def _names(root: Element, imports: Mapping[str, Model]) -> Iterator[str]:
    for element in root.iter():
        if local(element) in _NAMED and element.get("name"):
            yield str(element.get("name"))
        if element.get("iteratorVariable"):
            yield str(element.get("iteratorVariable"))
    for model in imports.values():
        yield from (node.name for node in model.nodes.values())


def imported_namespaces(source: bytes, name: str) -> frozenset[str]:
    """Return the namespaces of the models that a DMN file imports; raises DmnRefused for what is no DMN."""
    imports = children(read_root(source, name), "import")
    return frozenset(element.get("namespace", "") for element in imports)
