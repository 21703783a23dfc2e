"""Which rows: a target's, old enough, as one condition in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet

from .targets import ANONYMISE, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A condition over the columns of one table."""

    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows of a target, and what is to be done to them."""

    target: Target
    action: str
    rows: Q

    @classmethod
    def older_than(
        cls, cutoff: datetime, *, target: Target, action: str, condition: str = ""
    ) -> Selection:
        """The target's rows from before the cut-off."""
        old = target.older(cutoff) if target.older else Q(**{f"{target.age}__lt": cutoff})
        rows = target.only & old
        if condition:
            rows &= target.conditions[condition].rows
        return cls(target=target, action=action, rows=rows)

    @classmethod
    def of_person(cls, rows: Q, *, target: Target) -> Selection:
        """Somebody's rows, whatever their age."""
        return cls(target=target, action=target.person_action, rows=rows)

    @property
    def alias(self) -> str:
        return self.target.alias

    @property
    def queryset(self) -> QuerySet[Any]:
        """The rows, for a sample; what is anonymised already is not among them."""
        found = self.target.get_model()._default_manager.using(self.alias).filter(self.rows)
        if self.action == ANONYMISE:
            found = found.filter(**{f"{self.target.stamp}__isnull": True})
        return found.order_by()

    def where(self) -> Where:
        """The same as SQL; it must not need another table."""
        query = self.queryset.query
        compiler = query.get_compiler(connection=connections[self.alias])
        compiler.pre_sql_setup()
        if len([name for name in query.alias_map if query.alias_refcount[name]]) > 1:
            raise ValueError(f"{self.target.name}: a condition over another table")
        sql, params = compiler.compile(query.where)
        return Where(sql=sql or "1 = 1", params=tuple(params))
