"""A mail as it came, taken apart: bytes in, facts and texts out. Pure, and never an exception.

What a stranger sends may be anything. `read_letter` answers for every sequence of bytes; what it can't make sense
of is kept as an attachment and said, never lost.
"""

from engine.mail.letter import Attachment, Letter, Limits, Mailbox, read_letter, telling_headers
from engine.mail.nature import Nature

__all__ = ["Attachment", "Letter", "Limits", "Mailbox", "Nature", "read_letter", "telling_headers"]
