"""Settings and their history in the admin."""

from . import changes, settings

__all__ = ["changes", "settings"]
