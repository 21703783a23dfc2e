"""Tables that people may look at and nobody edits: what their admins share."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole.admin.read_only import ReadOnlyAdmin

NOTHING = "–"
SEPARATORS = re.compile(r"[\s.,]+")  # of thousands, in any language


class BrowseOnlyAdmin(ReadOnlyAdmin):
    """A list and a page per row. Whoever has Django's view permission reads; nobody writes.

    Made for millions of rows: nothing counts a whole table, and what cannot be sorted by an index
    cannot be sorted.
    """

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()
    empty_value_display = NOTHING


class FoundByNumber(BrowseOnlyAdmin):
    """Rows of calls, searched by their exact number: a text would have to read the whole table."""

    search_fields = ("=call_id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        number = "".join(SEPARATORS.split(search_term))
        if not number:
            return queryset, False
        if not number.isdecimal() or int(number) >= 2**63:
            return queryset.none(), False
        return queryset.filter(pk=int(number)), False

    @admin.display(description=gettext_lazy("llamada"), ordering="call_id")
    def number(self, row: Any) -> str:
        """The number as it is written elsewhere: nobody searches for 3,000,049,918."""
        return str(row.pk)


def masked(number: str | None) -> str:
    """A phone number in a list: enough to recognise it, not enough to call it."""
    return f"••••{number[-4:]}" if number else NOTHING


def written(moment: datetime | None) -> str:
    """For what a page computes: Django would show it as it is stored."""
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else NOTHING


def percent(rate: float | None) -> str:
    """0.125 → 12,5 %."""
    return NOTHING if rate is None else _("%(number)s %%") % {"number": decimal(100 * rate)}


def decimal(value: float | None) -> str:
    """One decimal, as the language writes it."""
    return NOTHING if value is None else number_format(round(value, 1), decimal_pos=1)
