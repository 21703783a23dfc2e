"""What everybody was told, and what left the console: for whoever may see that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import BrowseOnlyAdmin

from ..models import Delivery, SentNotification
from . import looks

MOST_PEOPLE = 50


class FoundByPersonOrRun(BrowseOnlyAdmin):
    """Rows of many people, searched by what has an index: a run's number, an account's name."""

    search_fields = ("run_id",)
    search_help_text = gettext_lazy("Número de corrida, o parte del nombre de la cuenta.")
    list_select_related = ("recipient",)
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip().lstrip("#")
        return (queryset.filter(meaning(term)) if term else queryset), False

    @admin.display(description=gettext_lazy("cuándo"))
    def when(self, row: Any) -> SafeString:
        return looks.moment(row.created_at)


def meaning(term: str) -> Q:
    """A number is a run's; a word is part of a name."""
    if term.isdecimal() and len(term) < 19:
        return Q(run_id=int(term))
    people = get_user_model()._default_manager.filter(username__icontains=term)
    return Q(recipient_id__in=list(people.values_list("pk", flat=True)[:MOST_PEOPLE]))


@admin.register(SentNotification)
class SentNotificationAdmin(FoundByPersonOrRun):
    """Who was told what, and whether it was read."""

    list_display = ("subject", "recipient", "level_words", "when", "read")
    list_display_links = ("subject",)
    list_filter = ("level",)
    fields = ("subject", "recipient", "level_words", "when", "read", "run_id", "outcome", "body")
    readonly_fields = fields

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Avisos enviados"), **(extra_context or {})}
        )

    @admin.display(description=gettext_lazy("importancia"))
    def level_words(self, row: SentNotification) -> SafeString:
        return looks.rendered(looks.level_chip(row))

    @admin.display(description=gettext_lazy("leído"))
    def read(self, row: SentNotification) -> SafeString | str:
        return looks.moment(row.read_at) if row.read_at else _("sin leer")


@admin.register(Delivery)
class DeliveryAdmin(FoundByPersonOrRun):
    """What left by mail or SMS, and what could not."""

    list_display = ("subject", "recipient", "channel", "state_words", "attempts", "error", "when")
    list_display_links = ("subject",)
    list_filter = ("state", "channel")
    fields = (
        "subject", "recipient", "channel", "state_words", "attempts", "error", "when", "due_at",
        "done_at", "run_id", "body",
    )  # fmt: skip
    readonly_fields = fields

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Envíos por correo y SMS"), **(extra_context or {})}
        )

    @admin.display(description=gettext_lazy("estado"))
    def state_words(self, row: Delivery) -> SafeString:
        return looks.rendered(looks.state_chip(row))
