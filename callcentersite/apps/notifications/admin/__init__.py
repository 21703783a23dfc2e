"""The mailbox, what people want to hear, and what everybody was told."""

from . import mailbox, records

__all__ = ["mailbox", "records"]
