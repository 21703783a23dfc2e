"""The page of what is expected of cron: ``console expect``, to be seen, changed and withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import permissions, registry
from ..doors import Door
from ..models import Expectation, Origin
from ..programmes import declaring
from ..selectors.expectations import standings
from .expectation_columns import ExpectationColumns
from .expectation_form import TIMES, ExpectationForm
from .lists import NamedList
from .paginator import CappedPaginator


class ExpectationList(ChangeList):
    """Its rows know what came of them, by three statements for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = with_standing(self.result_list)


def with_standing(rows: Any) -> list[Expectation]:
    """The rows, each with its ``standing``."""
    rows = list(rows)
    found = standings(rows, now=timezone.now())
    for one in rows:
        one.standing = found[one.pk]
    return rows


@admin.register(Expectation)
class ExpectationAdmin(ExpectationColumns, NamedList):
    """For whoever has Django's rights on them, and may run the operation that is expected."""

    form = ExpectationForm
    list_title = _("Corridas esperadas")
    nothing_yet = _(
        "No se espera nada del cron del equipo. Lo que se agregue aquí y no llegue a su hora "
        "aparece como «No se ejecutó», con aviso."
    )
    list_display = ("what", "when", "grace", "last_run", "next_time", "missed", "person")
    readonly_fields = ("next_times", "last_run", "missed", "person", "checked_until")
    search_fields = ("operation",)
    paginator = CappedPaginator
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ["operation"]}),
        (_("Cuándo"), {"fields": ["cron", "zone", "grace"]}),
    )
    going = (
        _("Cómo va"),
        {"fields": ["next_times", "last_run", "missed", "person", "checked_until"]},
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ExpectationList

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Expectation | None:
        found = super().get_object(request, *args, **kwargs)
        return with_standing([found])[0] if found is not None else None

    def get_fieldsets(self, request: HttpRequest, obj: Expectation | None = None) -> Any:
        """How it goes is asked of one that is there."""
        return self.fieldsets if obj is None else (*self.fieldsets, self.going)

    def get_form(
        self,
        request: HttpRequest,
        obj: Expectation | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        # "grace" is a field of the form, not of the model.
        kwargs["fields"] = ("operation", *TIMES)
        form = super().get_form(request, obj, change, **kwargs)
        return type("OwnedForm", (form,), {"user": request.user})

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Expectation | None = None) -> bool:
        """Whoever may not run the operation does not say when it is expected."""
        return super().has_change_permission(request, obj) and self._may_run(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Expectation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_run(request, obj)

    def _may_run(self, request: HttpRequest, obj: Expectation | None) -> bool:
        operation = registry.find(obj.operation) if obj is not None else None
        return operation is None or permissions.may_run(operation, request.user)

    # What is done

    def save_model(self, request: HttpRequest, obj: Expectation, form: Any, change: bool) -> None:
        said = form.cleaned_data
        anew = not change or any(said[name] != form.initial[name] for name in TIMES)
        declaring.keep(obj, door=at_the_admin(request), anew=anew)

    def delete_model(self, request: HttpRequest, obj: Expectation) -> None:
        declaring.withdraw([obj], door=at_the_admin(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Expectation]) -> None:
        declaring.withdraw(queryset, door=at_the_admin(request))


def at_the_admin(request: HttpRequest) -> Door:
    """Who knocks."""
    return Door(origin=Origin.ADMIN, user=request.user)
