"""Gives a BPMN file a drawing that people can read.

The file is read (`reading`), each level becomes blocks and flows (`level`, `blocks`), the Eclipse Layout Kernel
places these (`elk`), and the drawing is written as BPMN DI (`writing`). The same file always gets the same drawing.
"""

from __future__ import annotations

from engine.drawing.elk import Elk
from engine.drawing.laying import laid_out

__all__ = ["Elk", "laid_out"]
