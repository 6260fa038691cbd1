"""Names of attachments as we keep them: what they were called, without what a name could do."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from engine.mail.charsets import one_line

LONGEST_NAME = 120
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%]')
# Windows opens a device for these, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def clean_name(name: str, fallback: str) -> str:
    """Return the last part of a name without controls, marks that turn the direction of writing, and leading dots."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(it for it in last if unicodedata.category(it) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    plain = _NOT_IN_NAMES.sub("_", one_line(seen, 1_000)).strip(" .")
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain) or fallback


def clean_type(declared: str) -> str:
    """Return a declared media type if it is written like one, else that of any bytes."""
    declared = declared.strip().lower()
    return declared if _TYPE.fullmatch(declared) else "application/octet-stream"


def ending_of(media_type: str) -> str:
    """Return the usual ending of a media type, or `.bin`."""
    return mimetypes.guess_extension(media_type) or ".bin"


def _shortened(name: str) -> str:
    """The ending is what people tell files by, so it stays."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
