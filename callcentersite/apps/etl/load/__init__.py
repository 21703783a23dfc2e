"""The only writer of calls: chunks in, whole transactions out."""

from . import checkpoint, dimensions
from .target import Target, open_target
from .writer import Writer, open_writer

__all__ = ["Target", "Writer", "checkpoint", "dimensions", "open_target", "open_writer"]
