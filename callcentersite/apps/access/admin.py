"""Who failed to log in, who is locked out, and the way to unlock."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.audit.viewing import PersonalDataAdmin
from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from opsconsole.admin.presenters.chips import Chip

from . import lockout
from .models import FailedLogin


class LastAttemptFilter(admin.DateFieldListFilter):
    """By day, under a heading in our words: the field is the library's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("último intento")


@admin.register(FailedLogin)
class FailedLoginAdmin(PersonalDataAdmin, BrowseOnlyAdmin):
    """To look at, and to unlock; what was typed is not shown."""

    keeps_history = True
    list_display = ("who", "address", "state", "failures", "last")
    list_filter = (("attempt_time", LastAttemptFilter),)
    search_fields = ("username", "ip_address")
    search_help_text = _("Parte del nombre de la cuenta o de la dirección.")
    ordering = ("-attempt_time",)
    actions = ("unlock",)
    fields = ("who", "address", "state", "failures", "last", "browser")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedLogin]:
        return lockout.with_totals(super().get_queryset(request))

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("access.unlock_failedlogin")

    def shows_personal_data(self, request: HttpRequest, obj: FailedLogin) -> bool:
        return bool(obj.username != request.user.get_username())

    @admin.display(description=_("cuenta"), empty_value="–")
    def who(self, row: Any) -> str | None:
        return row.username or None

    @admin.display(description=_("dirección"), empty_value="–")
    def address(self, row: Any) -> Any:
        return row.ip_address

    @admin.display(description=_("último intento"))
    def last(self, row: Any) -> str:
        return date_format(timezone.localtime(row.attempt_time), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("navegador"))
    def browser(self, row: Any) -> str:
        return str(row.user_agent)

    @admin.display(description=_("fallos seguidos"))
    def failures(self, row: Any) -> int:
        return int(row.failures_since_start)

    @admin.display(description=_("estado"))
    def state(self, row: Any) -> SafeString:
        until = lockout.locked_until(row)
        look = Chip("idle", "○", gettext("No bloqueada"))
        if until is not None:
            moment = date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT")
            look = Chip("bad", "✕", gettext("Bloqueada hasta %(when)s") % {"when": moment})
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": look})

    @admin.action(description=_("Desbloquear las cuentas seleccionadas"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[FailedLogin]) -> None:
        for row in queryset:
            self.log_change(request, row, gettext("Desbloqueada"))
        count = lockout.unlock(queryset)
        text = ngettext(
            "Se desbloqueó %(count)s cuenta.", "Se desbloquearon %(count)s cuentas.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
