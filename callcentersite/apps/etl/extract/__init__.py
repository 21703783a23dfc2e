"""The only reader of the legacy database: pages of calls, the queues, the agents."""

from .source import LegacySource, open_source

__all__ = ["LegacySource", "open_source"]
