"""Settings and their history in the admin."""

from . import backups, changes, settings

__all__ = ["backups", "changes", "settings"]
