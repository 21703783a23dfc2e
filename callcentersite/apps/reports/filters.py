"""Filters of the list of reports, each with an index behind it."""

from django.utils.translation import gettext_lazy as _

from opsconsole.admin.filters import DayFilter, PersonFilter


class CreatorFilter(PersonFilter):
    """By who asked for it."""

    column = "created_by"
    known = [("me", _("Los míos"))]


class CreatedFilter(DayFilter):
    """By the local day on which it was asked for."""

    column = "created_at"
