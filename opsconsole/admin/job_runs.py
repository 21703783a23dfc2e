"""The history of runs: a list, and a page for each; nobody edits it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .. import permissions
from ..models import JobRun
from ..selectors.runs import visible_to
from . import run_page, run_verbs
from .filters import DayFilter, OperationFilter, OriginFilter, PersonFilter
from .presenters import words
from .presenters.chips import run_chip
from .presenters.run import title_of
from .read_only import ReadOnlyAdmin
from .run_actions import cancel_selected, retry_selected
from .searching import meaning


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """Reads only; cancelling and repeating go through the runner."""

    list_display = ("state", "what", "who", "door", "asked", "took")
    list_display_links = ("what",)
    list_filter = (OperationFilter, "status", ("origin", OriginFilter), PersonFilter, DayFilter)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("id",)  # the box; get_search_results says what it means
    search_help_text = _("Número de corrida, operación o persona.")
    actions = (cancel_selected, retry_selected)

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: JobRun | None = None) -> bool:
        if obj is not None:
            return permissions.may_see(obj, request.user)
        return permissions.may_see_runs(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whether the action is offered; the runner decides about each run."""
        user = request.user
        return user.has_perm("opsconsole.cancel_jobrun") or bool(permissions.runnable(user))

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("opsconsole.retry_jobrun")

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
        chip = run_chip(run)
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})

    @admin.display(description=_("operación"))
    def what(self, run: JobRun) -> SafeString:
        title = title_of(run)
        if not run.is_part:
            return format_html("{} <small>#{}</small>", title, run.pk)
        said = _("parte %(number)s de #%(id)s") % {"number": run.part_number, "id": run.parent_id}
        return format_html("{} <small>#{} · {}</small>", title, run.pk, said)

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
