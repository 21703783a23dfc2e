"""Who is in which group, by whom, why and until when; ended here, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from callcentersite.apps.common.interchange.admin import InterchangeAdmin
from opsconsole import OperationError

from .. import granting
from ..interchange.resources import UsuarioGrupoResource
from ..models import UsuarioGrupo
from .asking import Question, ask
from .refusing import RefusingAdmin

REVOKE = Question(
    action="revoke",
    title=gettext_lazy("Revocar grupos"),
    sentence=gettext_lazy(
        "Las personas dejan de tener desde ahora lo que el grupo les daba. La historia se conserva."
    ),
    button=gettext_lazy("Revocar"),
    danger=True,
)


class InForceFilter(admin.SimpleListFilter):
    """Those in force, and those that ended."""

    title = gettext_lazy("vigencia")
    parameter_name = "vigencia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("vigente", _("Vigentes")),
            ("vencida", _("Vencidas")),
            ("revocada", _("Revocadas")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        conditions = {
            "vigente": Q(revocado_el=None) & (Q(vence_el=None) | Q(vence_el__gt=now)),
            "vencida": Q(revocado_el=None, vence_el__lte=now),
            "revocada": Q(revocado_el__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(UsuarioGrupo)
class UsuarioGrupoAdmin(RefusingAdmin, InterchangeAdmin, BrowseOnlyAdmin):
    """Memberships are made on the list of accounts, or come in a file."""

    resource_class = UsuarioGrupoResource
    background = "import_usuariogrupo"
    list_display = ("usuario", "grupo", "standing", "motivo", "asignado_por", "asignado_el")
    list_filter = (InForceFilter, "grupo")
    list_select_related = ("usuario", "grupo", "asignado_por")
    search_fields = ("usuario__username", "=grupo__codigo", "motivo")
    ordering = ("-id",)
    actions = ("revoke",)

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.change_usuariogrupo"))

    @admin.display(description=gettext_lazy("vigencia"))
    def standing(self, row: UsuarioGrupo) -> str:
        return standing_words(row.revocado_el, row.vence_el)

    @admin.action(description=gettext_lazy("Revocar…"), permissions=["assign"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(membership: UsuarioGrupo, values: dict[str, Any]) -> str:
            grant = granting.Grant(by=request.user, motivo=values["motivo"], now=timezone.now())
            if not granting.revoke_group(membership, grant):
                raise OperationError(_("Ya estaba revocada."))
            return _("Grupo revocado")

        return ask(self, request, rows.select_related("usuario", "grupo"), REVOKE, deed)


def standing_words(ended: Any, until: Any) -> str:
    """In force, until when; or since when no more."""

    def said(moment: Any) -> str:
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")

    if ended is not None:
        return _("terminó el %(day)s") % {"day": said(ended)}
    if until is None:
        return _("vigente, sin vencimiento")
    if until <= timezone.now():
        return _("venció el %(day)s") % {"day": said(until)}
    return _("vigente hasta el %(day)s") % {"day": said(until)}
