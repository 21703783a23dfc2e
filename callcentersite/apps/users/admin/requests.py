"""What waits for a second person, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from opsconsole.admin.presenters.chips import Chip

from .. import deciding
from ..models import SolicitudAsignacion
from .asking import Question, ReasonForm, ask
from .refusing import RefusingAdmin

LOOKS = {
    "pendiente": ("warn", "▲"),
    "aprobada": ("ok", "✓"),
    "rechazada": ("bad", "✕"),
    "retirada": ("idle", "⊘"),
}


class ApprovalForm(forms.Form):
    """A reason if there is one to tell."""

    motivo = forms.CharField(
        label=gettext_lazy("Comentario"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Queda en la historia, con su nombre y la hora."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


APPROVE = Question(
    action="approve",
    title=gettext_lazy("Aprobar solicitudes"),
    sentence=gettext_lazy(
        "Lo pedido vale desde ahora. Quien lo pidió y quien lo recibe no pueden aprobarlo."
    ),
    button=gettext_lazy("Aprobar"),
    form=ApprovalForm,
)
REJECT = Question(
    action="reject",
    title=gettext_lazy("Rechazar solicitudes"),
    sentence=gettext_lazy("Todo queda como está; la solicitud se conserva con su motivo."),
    button=gettext_lazy("Rechazar"),
    form=ReasonForm,
    danger=True,
)
WITHDRAW = Question(
    action="withdraw",
    title=gettext_lazy("Retirar solicitudes"),
    sentence=gettext_lazy("Solo quien la pidió puede retirarla. Todo queda como está."),
    button=gettext_lazy("Retirar"),
    form=forms.Form,
)


@admin.register(SolicitudAsignacion)
class SolicitudAsignacionAdmin(RefusingAdmin, BrowseOnlyAdmin):
    """Decided by actions; nobody decides what she asked for or would receive."""

    list_display = ("state", "what", "clase", "motivo", "solicitada_por", "solicitada_el",
                    "decidida_por")  # fmt: skip
    list_display_links = ("what",)
    list_filter = ("estado", "clase")
    list_select_related = ("usuario", "grupo", "capacidad", "solicitada_por", "decidida_por")
    search_fields = ("usuario__username", "grupo__nombre", "capacidad__codigo", "motivo")
    ordering = ("-id",)
    actions = ("approve", "reject", "withdraw")
    change_form_template = "admin/users/request.html"
    fields = (
        "state", "clase", "usuario", "grupo", "capacidad", "motivo", "desde", "vence_el",
        "solicitada_por", "solicitada_el", "decidida_por", "decidida_el", "motivo_decision",
    )  # fmt: skip

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(deciding.PERMISSION))

    @admin.display(description=gettext_lazy("estado"))
    def state(self, solicitud: SolicitudAsignacion) -> SafeString:
        tone, sign = LOOKS[solicitud.estado]
        chip = Chip(tone=tone, sign=sign, label=solicitud.get_estado_display())
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})

    @admin.display(description=gettext_lazy("qué, a quién"))
    def what(self, solicitud: SolicitudAsignacion) -> str:
        return str(solicitud)

    @admin.action(description=gettext_lazy("Aprobar…"), permissions=["decide"])
    def approve(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(solicitud: SolicitudAsignacion, values: dict[str, Any]) -> str:
            deciding.approve(
                solicitud, by=request.user, now=timezone.now(), motivo=values["motivo"]
            )
            return _("Solicitud aprobada")

        return ask(self, request, self._full(rows), APPROVE, deed)

    @admin.action(description=gettext_lazy("Rechazar…"), permissions=["decide"])
    def reject(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(solicitud: SolicitudAsignacion, values: dict[str, Any]) -> str:
            deciding.reject(solicitud, by=request.user, now=timezone.now(), motivo=values["motivo"])
            return _("Solicitud rechazada")

        return ask(self, request, self._full(rows), REJECT, deed)

    @admin.action(description=gettext_lazy("Retirar…"), permissions=["view"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(solicitud: SolicitudAsignacion, values: dict[str, Any]) -> str:
            deciding.withdraw(solicitud, by=request.user, now=timezone.now())
            return _("Solicitud retirada")

        return ask(self, request, self._full(rows), WITHDRAW, deed)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """With the buttons of what this person may do about it: messages lead here."""
        context |= {
            "steps": self._steps(request, kwargs.get("obj")),
            "checkbox": ACTION_CHECKBOX_NAME,
            "list_url": reverse("admin:users_solicitudasignacion_changelist"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _steps(self, request: HttpRequest, solicitud: Any) -> list[Question]:
        if solicitud is None or solicitud.estado != SolicitudAsignacion.Estado.PENDIENTE:
            return []
        if request.user.pk == solicitud.solicitada_por_id:
            return [WITHDRAW]
        receives = request.user.pk == solicitud.usuario_id
        return [] if receives or not self.has_decide_permission(request) else [APPROVE, REJECT]

    def _full(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("usuario", "grupo", "capacidad", "solicitada_por")
