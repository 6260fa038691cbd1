"""What a process version pins: its own diagram, every file that it leads to, and the manifests of its pack.

A process gets a new version when one of these files changes, and only then: a changed form does not renumber the
processes that never show it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.catalog.builtin import is_builtin
from engine.catalog.pack import PackSource, template_name
from engine.decisions import Model, read_dmn
from engine.spiff import Diagram


@dataclass(frozen=True)
class Pin:
    """One process of a pack: where it lies, what people call it (and this version), the hash of what it leads to."""

    key: str
    title: str
    path: str
    paths: tuple[str, ...]
    hash: bytes
    tag: str | None = None


def pins(pack: PackSource, diagrams: Mapping[str, Diagram]) -> dict[str, Pin]:
    """Return the pin of each process by its key; `diagrams` are the pack's checked diagrams by path."""
    index = _Index(pack, diagrams)
    return {key: _pin(pack, index, key) for key in index.processes}


class _Index:
    """Which file holds which process, form, decision and template."""

    def __init__(self, pack: PackSource, diagrams: Mapping[str, Diagram]) -> None:
        self.diagrams = diagrams
        self.services = pack.services
        self.processes = {key: path for path, diagram in diagrams.items() for key in diagram.processes}
        self.forms = {json.loads(content).get("id"): path for path, content in pack.under("forms").items()}
        self.templates = {template_name(path): path for path in pack.under("templates")}
        models: dict[str, Model] = {path: read_dmn(it, path) for path, it in pack.under("dmn").items()}
        self.decisions = {decision.id: path for path, model in models.items() for decision in model.decisions}

    def led_to(self, path: str) -> Iterator[str]:
        """Yield the files that the elements of one diagram name."""
        for element in self.diagrams[path].elements.values():
            for name, files in (
                (element.form, self.forms),
                (element.template, self.templates),
                (element.decision, self.decisions),
                (element.called if element.binding == "deployment" else None, self.processes),
            ):
                if name is not None and name in files:
                    yield files[name]
            if element.service and not is_builtin(element.service):
                yield from self.services


def _pin(pack: PackSource, index: _Index, key: str) -> Pin:
    path = index.processes[key]
    found, waiting = {*pack.manifests, path}, [path]
    while waiting:
        for other in index.led_to(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting += [other] if other in index.diagrams else []
    paths = tuple(sorted(it for it in found if it in pack.files))
    digest = hashlib.sha256()
    for it in paths:
        digest.update(it.encode() + b"\0" + hashlib.sha256(pack.files[it]).digest())
    diagram = index.diagrams[path]
    title, tag = diagram.processes[key].name or key, diagram.elements[key].version_tag
    return Pin(key, title, path, paths, digest.digest(), tag)
