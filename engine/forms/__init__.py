"""Forms: what a person fills in, read from bpmn.io's form JSON and judged on the server.

A form is drawn by `form-js` in a browser or as plain HTML without any script; either way the same `Form` judges
what comes back and turns it into FEEL values. What this folder does not know how to judge is refused when the
form is read, so that no component is ever silently ignored.
"""

from __future__ import annotations

from engine.forms.form import Form
from engine.forms.reading import FormFinding, FormRefused, check_form
from engine.forms.schema import Component, Option, Rules

__all__ = ["Component", "Form", "FormFinding", "FormRefused", "Option", "Rules", "check_form"]
