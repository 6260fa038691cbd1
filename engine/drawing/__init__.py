"""Gives a BPMN file a drawing that people can read.

The file is read (`reading`), each level becomes blocks and flows (`level`, `blocks`), the Eclipse Layout Kernel
places these (`elk`), and the drawing is written as BPMN DI (`writing`). Lanes, message flows and data find their
ways on a grid (`lanes`, `joining`, `routing`). The same file always gets the same drawing.
"""

from __future__ import annotations

from engine.drawing.checking import faults
from engine.drawing.elk import Elk
from engine.drawing.laying import laid_out
from engine.drawing.picture import take_picture
from engine.drawing.reading import parse

__all__ = ["Elk", "faults", "laid_out", "parse", "take_picture"]
