"""Signed notices to other systems when a run ends."""
