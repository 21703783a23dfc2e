"""The history of runs: a list, and a page for each; nobody edits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import permissions, registry, runner
from ..doors import Door
from ..exceptions import OperationError
from ..models import JobRun, Origin
from ..selectors.runs import visible_to
from . import run_page, run_verbs
from .actions import size_of, too_many
from .filters import DayFilter, OperationFilter, OriginFilter, PersonFilter
from .paginator import CappedPaginator
from .presenters import words
from .presenters.chips import state_chip
from .searching import meaning


@admin.register(JobRun)
class JobRunAdmin(admin.ModelAdmin):
    """Reads only; cancelling and repeating go through the runner."""

    list_display = ("state", "what", "who", "door", "asked", "took")
    list_display_links = ("what",)
    list_filter = (OperationFilter, "status", ("origin", OriginFilter), PersonFilter, DayFilter)
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("id",)  # the box; get_search_results says what it means
    search_help_text = _("Número de corrida, operación o persona.")
    actions = ("cancel_selected", "retry_selected")

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: JobRun | None = None) -> bool:
        if obj is not None:
            return permissions.may_see(obj, request.user)
        user = request.user
        return permissions.may_see_every_run(user) or bool(permissions.runnable(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: JobRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: JobRun | None = None) -> bool:
        return False

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Corridas"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobRun]:
        return visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[JobRun], search_term: str
    ) -> tuple[QuerySet[JobRun], bool]:
        return queryset.filter(meaning(search_term) if search_term.strip() else Q()), False

    @admin.display(description=_("estado"))
    def state(self, run: JobRun) -> SafeString:
        chip = state_chip(run.status)
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})

    @admin.display(description=_("operación"))
    def what(self, run: JobRun) -> SafeString:
        operation = registry.find(run.operation)
        title = operation.title if operation else run.title or run.operation
        return format_html("{} <small>#{}</small>", title, run.pk)

    @admin.display(description=_("la pidió"), empty_value="–")
    def who(self, run: JobRun) -> str:
        return run.requested_by

    @admin.display(description=_("desde"))
    def door(self, run: JobRun) -> str:
        return str(run.get_origin_display())

    @admin.display(description=_("pedida"))
    def asked(self, run: JobRun) -> SafeString:
        moment = timezone.localtime(run.queued_at)
        return format_html(
            '<time datetime="{}">{}</time>',
            moment.isoformat(),
            date_format(moment, "SHORT_DATETIME_FORMAT"),
        )

    @admin.display(description=_("duración"))
    def took(self, run: JobRun) -> str:
        return words.duration(run.duration(now=timezone.now()))

    # What may be done with a selection

    @admin.action(description=_("Cancelar las corridas seleccionadas"))
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        done = self._each(request, queryset, runner.cancel)
        if done:
            text = ngettext(
                "Se pidió cancelar %(count)s corrida.",
                "Se pidió cancelar %(count)s corridas.",
                done,
            )
            self.message_user(request, text % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Repetir las corridas seleccionadas"))
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        done = self._each(request, queryset, runner.retry)
        if done:
            text = ngettext(
                "Se puso en cola %(count)s corrida.",
                "Se pusieron en cola %(count)s corridas.",
                done,
            )
            self.message_user(request, text % {"count": done}, messages.SUCCESS)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[JobRun], verb: Callable[..., JobRun]
    ) -> int:
        """Do it run by run; say the first refusals, and how many others there were."""
        if size_of(queryset) is None:
            self.message_user(request, too_many(), messages.ERROR)
            return 0
        door, refusals = Door(origin=Origin.ADMIN, user=request.user), []
        pks = list(queryset.values_list("pk", flat=True))
        for run in JobRun.objects.filter(pk__in=pks).order_by("pk"):
            try:
                verb(run, door=door)
            except OperationError as error:
                refusals.append(f"#{run.pk}: {error.message} {error.cause}")
        run_verbs.say_refusals(request, refusals)
        return len(pks) - len(refusals)

    # The page of a run

    def get_urls(self) -> list[URLPattern]:
        view, wrap = "opsconsole_jobrun", self.admin_site.admin_view
        return [
            path("<int:pk>/live/", wrap(run_page.live), name=f"{view}_live"),
            path("<int:pk>/registro.txt", wrap(run_page.download_log), name=f"{view}_log"),
            path(
                "<int:pk>/archivos/<int:artifact>/",
                wrap(run_page.download_artifact),
                name=f"{view}_artifact",
            ),
            path("<int:pk>/cancelar/", wrap(run_verbs.cancel), name=f"{view}_cancel"),
            path("<int:pk>/decidir/", wrap(run_verbs.decide), name=f"{view}_decide"),
            path("<int:pk>/repetir/", wrap(run_verbs.retry), name=f"{view}_retry"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        return run_page.show(request, int(object_id))
