"""The right kind of table for a target's database."""

from django.db import connections

from ..targets import Target
from .base import Table


def open_table(target: Target) -> Table:
    """The target's table, of the kind that its alias speaks."""
    kind: type[Table]
    if connections[target.alias].vendor == "postgresql":
        from .postgres import PostgresTable as kind
    else:
        from .sqlite import SQLiteTable as kind
    return kind(target.get_model(), alias=target.alias)
