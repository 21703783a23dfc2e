"""Pages of long histories, without counting them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CappedPaginator(Paginator):
    """Counts up to a limit: past it nobody turns pages, and a full count takes seconds.

    A ModelAdmin takes it with ``paginator = CappedPaginator`` and
    ``show_full_result_count = False``; the list then says "más de 10 000".
    """

    most = 10_000

    @cached_property
    def counted(self) -> int:
        """The number of rows, at most one past the limit."""
        rows: Any = self.object_list
        if isinstance(rows, (list, tuple)):
            return len(rows)
        # COUNT(*) over a LIMITed subquery: the database stops reading at the limit.
        return rows.order_by()[: self.most + 1].count()

    @cached_property
    def count(self) -> int:
        """The rows that can be paged through."""
        return min(self.counted, self.most)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than can be paged through."""
        return self.counted > self.most
