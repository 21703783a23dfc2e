"""Filters of the audit; each has an index, and none reads the table to know its choices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opsconsole.admin.filters import DayFilter, PersonFilter, days_of, midnight
from opsconsole.admin.searching import people_like

from .vocabulary import Action, Result


class ChoiceFilter(SimpleListFilter):
    """One of a closed list."""

    known: type[Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.known.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(**{self.parameter_name or "": self.value()})
            if self.value()
            else (queryset)
        )


class ActionFilter(ChoiceFilter):
    title = _("acción")
    parameter_name = "action"
    known = Action


class ResultFilter(ChoiceFilter):
    title = _("resultado")
    parameter_name = "result"
    known = Result


class ActorFilter(PersonFilter):
    """By who did it."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = request.user.get_username() if self.value() == "me" else self.value()
        return queryset.filter(actor=name) if name else queryset


class MomentFilter(DayFilter):
    """By the local day."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        days = days_of(self.value() or "", today=timezone.localdate())
        if days is None:
            return queryset.none() if self.value() else queryset
        first, last = days
        return queryset.filter(
            happened_at__gte=midnight(first), happened_at__lt=midnight(last + timedelta(days=1))
        )


def meaning(term: str) -> Q:
    """A position (#12), a person, or the number or name of what it was done to; all by an index."""
    words = term.strip()
    number = words.lstrip("#")
    if words.startswith("#") and number.isdecimal() and len(number) < 19:
        return Q(pk=int(number)) | Q(target_id=number)
    people = [*people_like(words), words]
    return Q(actor__in=people) | Q(target__in=people) | Q(target_id=words)
