"""Who gets a pack's mails: an address of the domain `.example` (RFC 2606) reaches nobody, and so does the mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.catalog.templates import Placeholder, Template

_NOBODY = (".example", "@example")


def check_receivers(pack: PackSource, templates: Mapping[str, Template]) -> Iterator[PackFinding]:
    """Yield a warning for each setting that receives mail and still has the address that only shows the form."""
    for name in sorted({it for template in templates.values() for it in _receiving(template)}):
        setting = pack.settings.get(name)
        address = setting.value if setting else None
        if isinstance(address, str) and address.lower().strip().endswith(_NOBODY):
            message = (
                f"Expected “{name}” to be an address that somebody reads, but “{address}” is an example."
            )
            remedy = "Write the address of those whom it is for."
            file, line = pack.places.at("settings", name)
            yield PackFinding(file, "example-address", message, remedy, line, severity="warning")


def _receiving(template: Template) -> Iterator[str]:
    """The settings that a template's line “To:” asks for."""
    for part in template.to:
        if isinstance(part, Placeholder):
            yield from (name for what, name in part.expression.literals if what == "setting")
