"""An iteration leaves no trace: databases rolled back, mail muted, nothing else let out."""

from .everything import isolated

__all__ = ["isolated"]
