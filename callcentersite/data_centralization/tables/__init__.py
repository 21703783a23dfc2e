"""Tables as the two databases hold them: seal, count, remove, bring back."""

from .base import Extent, Table
from .opening import open_table

__all__ = ["Extent", "Table", "open_table"]
