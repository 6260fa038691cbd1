"""Every test here gets an installation of its own."""

from tests.office import office, settings

__all__ = ["office", "settings"]
