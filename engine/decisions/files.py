"""Reading a DMN file together with the models that it imports, which are looked for beside it."""

from __future__ import annotations

from pathlib import Path

from engine.decisions.model import Model
from engine.decisions.reading import imported_namespaces, read_dmn


def read_file(file: Path) -> Model:
    """Return the model of a file; raises DmnRefused with all findings, also of the models it imports."""
    source = file.read_bytes()
    wanted = imported_namespaces(source, file.name)
    return read_dmn(source, file.name, _beside(file) if wanted else {})


def _beside(file: Path) -> dict[str, Model]:
    """Read the models beside a file, those first that import nothing which is not yet read."""
    pending = {other: other.read_bytes() for other in sorted(file.parent.glob("*.dmn")) if other != file}
    read: dict[str, Model] = {}
    while pending:
        ready = [
            other
            for other, source in pending.items()
            if imported_namespaces(source, other.name) <= read.keys()
        ]
        if not ready:
            return read
        for other in ready:
            model = read_dmn(pending.pop(other), other.name, read)
            read[model.namespace] = model
    return read
