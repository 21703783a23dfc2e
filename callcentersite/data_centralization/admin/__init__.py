"""The pages of retention: its policies, and what they removed."""

from . import policies, removals

__all__ = ["policies", "removals"]
