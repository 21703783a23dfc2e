"""One's own messages: the list, a message, and what is done with them.

Everybody who may enter has a mailbox, and nobody sees another's: what is not addressed to the
reader does not exist. Looking writes nothing; that a message was read is sent by its page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from callcentersite.apps.common.browsing import BrowseOnlyAdmin

from .. import services
from ..bell import bell_state
from ..models import Notification
from ..selectors import mailbox
from . import looks
from .erasing import ask_before_erasing
from .message import own_message, show
from .subscriptions import subscriptions_page


class ReadFilter(admin.SimpleListFilter):
    """Unread or read; read from the index that the list is sorted by."""

    title = gettext_lazy("estado")
    parameter_name = "leido"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("Sin leer")), ("si", gettext_lazy("Leídos"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"no": False, "si": True}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_read=wanted)


class ReceivedFilter(admin.DateFieldListFilter):
    """By day, under a heading that reads as a noun."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("fecha")


@admin.register(Notification)
class MailboxAdmin(BrowseOnlyAdmin):
    """The reader's own."""

    list_display = ("what", "level_words", "received", "state")
    list_display_links = ("what",)
    list_filter = (ReadFilter, "level", ("created_at", ReceivedFilter))
    search_fields = ("subject", "body")
    search_help_text = gettext_lazy("Parte del asunto o del texto.")
    ordering = ("is_read", "-id")
    actions = ("mark_read", "mark_unread", "erase")
    change_list_template = "admin/notifications/mailbox.html"

    def has_view_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        return request.user.is_active and (obj is None or obj.recipient_id == request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        return mailbox(request.user)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": _("Mi buzón"), "is_off": not services.mailbox_is_on()}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=gettext_lazy("asunto"))
    def what(self, message: Notification) -> SafeString:
        if message.is_read:
            return format_html("{}", message.subject)
        return format_html("<strong>{}</strong>", message.subject)

    @admin.display(description=gettext_lazy("importancia"))
    def level_words(self, message: Notification) -> SafeString:
        return looks.rendered(looks.level_chip(message))

    @admin.display(description=gettext_lazy("recibido"))
    def received(self, message: Notification) -> SafeString:
        return looks.moment(message.created_at)

    @admin.display(description=gettext_lazy("estado"))
    def state(self, message: Notification) -> str:
        return _("leído") if message.is_read else _("sin leer")

    # What is done with several

    @admin.action(description=gettext_lazy("Marcar como leídos"))
    def mark_read(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        tell_marked(request, services.mark(rows, read=True), read=True)

    @admin.action(description=gettext_lazy("Marcar como no leídos"))
    def mark_unread(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        tell_marked(request, services.mark(rows, read=False), read=False)

    @admin.action(description=gettext_lazy("Eliminar los leídos…"))
    def erase(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        return ask_before_erasing(request, rows)

    # Pages

    def get_urls(self) -> list[URLPattern]:
        view, wrap = "notifications_notification", self.admin_site.admin_view
        return [
            path("campana/", wrap(bell_state), name=f"{view}_bell"),
            path("suscripciones/", wrap(subscriptions_page), name="notifications_subscriptions"),
            path("todo-leido/", wrap(mark_all_read), name=f"{view}_all_read"),
            path("<int:pk>/marcar/", wrap(mark_one), name=f"{view}_mark"),
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
        return show(request, int(object_id))

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404  # nobody edits a message


def tell_marked(request: HttpRequest, count: int, *, read: bool) -> None:
    """How many changed."""
    if read:
        text = ngettext(
            "%(count)s mensaje marcado como leído.",
            "%(count)s mensajes marcados como leídos.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s mensaje marcado como no leído.",
            "%(count)s mensajes marcados como no leídos.",
            count,
        )
    messages.success(request, text % {"count": count})


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponseBase:
    """The whole mailbox."""
    tell_marked(request, services.mark(mailbox(request.user), read=True), read=True)
    return redirect("admin:notifications_notification_changelist")


@require_POST
def mark_one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read, by its button or by the page itself; or unread, back to the list."""
    own_message(request, pk)
    read = request.POST.get("read") == "1"
    count = services.mark(mailbox(request.user).filter(pk=pk), read=read)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    tell_marked(request, count, read=read)
    return redirect("admin:notifications_notification_changelist")
