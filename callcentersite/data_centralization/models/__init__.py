"""What retention keeps: its policies, and what it removed."""

from .policy import RetentionPolicy
from .removal import RetentionRemoval

__all__ = ["RetentionPolicy", "RetentionRemoval"]
