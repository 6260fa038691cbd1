"""The compiler: importing this package registers one function for every kind of node."""

from __future__ import annotations

from engine.feel.compiler import access, calls, logic, loops, plain, tests
from engine.feel.compiler.base import Unit

__all__ = ["Unit", "access", "calls", "logic", "loops", "plain", "tests"]
