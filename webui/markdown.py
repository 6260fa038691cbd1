"""Markdown of forms and process documentation as HTML that can't do harm."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "a",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "hr",
}
_RENDERER = MarkdownIt("commonmark", {"html": False})


def markdown(text: str) -> Markup:
    """Return Markdown as HTML of a few harmless tags; raw HTML in it stands as text."""
    return Markup(nh3.clean(_RENDERER.render(text or ""), tags=_TAGS, attributes={"a": {"href"}}))
