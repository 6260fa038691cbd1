"""Rules about links: a way that goes on elsewhere on the same level, where the name says."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said, warned


def links(drawing: Drawing) -> Iterator[Finding]:
    """A link that is thrown is caught once on its level."""
    for level in drawing.levels:
        events = [node for node in drawing.inside(level) if node.event == "link"]
        caught: dict[str | None, Element] = {}
        for event in events:
            if event.type == "intermediateCatchEvent" and caught.setdefault(event.link, event) is not event:
                message = (
                    f"Expected one target of the link {event.link!r}, but {event.title!r} is a further one."
                )
                yield said("link", event, message, "Give one of the two another name.")
        thrown = {event.link for event in events if event.type == "intermediateThrowEvent"}
        for event in events:
            yield from _end(event, event.link in caught, event.link in thrown)


def _end(event: Element, caught: bool, thrown: bool) -> Iterator[Finding]:
    if not event.link:
        message = f"Expected {event.title!r} to name its link, but it names none."
        yield said("required", event, message, "Give the link event a name.")
    elif event.type == "intermediateThrowEvent" and not caught:
        message = f"Expected a target of the link {event.link!r} on the level of {event.title!r}, but there is none."
        yield said("link", event, message, "Draw a link catch event of the same name beside it.")
    elif event.type == "intermediateCatchEvent" and not thrown:
        message = (
            f"Expected a link throw event {event.link!r} on the level of {event.title!r}, but there is none."
        )
        yield warned("link", event, message, "Draw one, or remove the target.")


RULES = (links,)
