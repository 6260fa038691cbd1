"""Every test here gets an installation of its own, with a desk that acknowledges, asks and listens."""

from tests.mail.desk import post
from tests.office import office, settings

__all__ = ["office", "post", "settings"]
