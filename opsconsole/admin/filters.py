"""Filters of the run list that ask the history nothing: no DISTINCT over a million rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import ChoicesFieldListFilter, ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from .. import registry
from ..models import JobRun

Choices = list[tuple[str, Any]]


class OperationFilter(SimpleListFilter):
    """By operation: those that there are, and one that is gone if it was asked for."""

    title = _("operación")
    parameter_name = "operation"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        choices: Choices = [(one.name, one.title) for one in registry.everything()]
        asked = request.GET.get(self.parameter_name)
        if asked and registry.find(asked) is None:
            choices.append((asked, asked))
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> QuerySet[JobRun]:
        return queryset.filter(operation=self.value()) if self.value() else queryset


class OriginFilter(ChoicesFieldListFilter):
    """By door, under a heading that reads as a noun."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("origen")


class TypedFilter(SimpleListFilter):
    """A filter with a few choices and a box for any other value."""

    template = "admin/opsconsole/includes/typed_filter.html"
    input_type = "text"
    input_label: Any = ""
    known: Choices = []

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return self.known

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        # The template needs the other parameters, to keep them when the box is sent.
        self.others = [
            (key, value)
            for key, values in changelist.filter_params.items()
            for value in (values if isinstance(values, list) else [values])
            if key != self.parameter_name
        ]
        if changelist.query:
            self.others.append(("q", changelist.query))
        yield from super().choices(changelist)

    @property
    def typed(self) -> str:
        """The value in the box."""
        value = self.value() or ""
        return "" if value in dict(self.known) else value


class PersonFilter(TypedFilter):
    """By who asked: me, or a name."""

    title = _("persona")
    parameter_name = "person"
    input_label = _("Nombre de usuario")
    known = [("me", _("Las mías"))]
    column = "requested_by"

    def queryset(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> QuerySet[JobRun]:
        if self.value() == "me":
            return queryset.filter(**{self.column: request.user.get_username()})
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class DayFilter(TypedFilter):
    """By the local day on which it was asked for."""

    title = _("día")
    parameter_name = "day"
    input_type = "date"
    input_label = _("Otro día")
    known = [("today", _("Hoy")), ("yesterday", _("Ayer")), ("week", _("Últimos 7 días"))]
    column = "queued_at"

    def queryset(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> QuerySet[JobRun]:
        days = days_of(self.value() or "", today=timezone.localdate())
        if days is None:
            return queryset.none() if self.value() else queryset
        first, last = days
        return queryset.filter(
            **{
                f"{self.column}__gte": midnight(first),
                f"{self.column}__lt": midnight(last + timedelta(days=1)),
            }
        )


def days_of(value: str, *, today: date) -> tuple[date, date] | None:
    """The first and the last day that the value means; None: it means nothing."""
    if value == "today":
        return today, today
    if value == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if value == "week":
        return today - timedelta(days=6), today
    try:
        day = parse_date(value)
    except ValueError:
        return None
    return (day, day) if day else None


def midnight(day: date) -> datetime:
    """When the local day begins."""
    return timezone.make_aware(datetime.combine(day, time()))
