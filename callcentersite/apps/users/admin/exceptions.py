"""Exceptions: one capability, one person, a reason and an end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from callcentersite.apps.common.days import SinceField, UntilField
from opsconsole import OperationError

from .. import granting
from ..models import Capacidad, PermisoExcepcional, SolicitudAsignacion
from .asking import Question, ask
from .memberships import standing_words
from .refusing import RefusingAdmin

ANNUL = Question(
    action="annul",
    title=gettext_lazy("Anular excepciones"),
    sentence=gettext_lazy(
        "Desde ahora vuelve a valer lo que digan los grupos de cada persona. La historia se "
        "conserva."
    ),
    button=gettext_lazy("Anular"),
    form=forms.Form,
    danger=True,
)


class CapacidadField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Each choice says how grave it is."""

    def label_from_instance(self, obj: Any) -> str:
        words = {"code": obj.codigo, "risk": obj.get_nivel_riesgo_display()}
        if obj.requiere_aprobacion:
            return _("%(code)s · riesgo %(risk)s, requiere aprobación") % words
        return _("%(code)s · riesgo %(risk)s") % words


class ExceptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says what each choice comes to before it is made."""

    desde = SinceField(
        label=gettext_lazy("Desde"),
        required=False,
        help_text=gettext_lazy("Primer día en que vale. Vacío: desde ahora."),
    )
    hasta = UntilField(
        label=gettext_lazy("Hasta"),
        required=False,
        help_text=gettext_lazy("Último día en que vale. Vacío: hasta que alguien la anule."),
    )
    capacidad = CapacidadField(
        Capacidad.objects.order_by("codigo"),
        label=gettext_lazy("Capacidad"),
        help_text=gettext_lazy(
            "Si requiere aprobación, concederla espera a que una segunda persona la apruebe."
        ),
    )
    tipo = forms.ChoiceField(
        label=gettext_lazy("Tipo"),
        choices=[
            ("conceder", gettext_lazy("Conceder: puede hacerlo aunque ningún grupo se lo dé.")),
            ("revocar", gettext_lazy("Revocar: no puede hacerlo aunque un grupo se lo dé.")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Si hay una de cada una, revocar gana. Una cuenta inactiva no puede nada, y a un "
            "superusuario no se le revoca nada."
        ),
    )
    person: Any = None

    class Meta:
        model = PermisoExcepcional
        fields = ("usuario", "tipo", "capacidad", "desde", "hasta", "motivo")
        help_texts = {
            "usuario": gettext_lazy("A quién. Nadie cambia sus propios permisos."),
            "motivo": gettext_lazy("Queda en la historia, con su nombre y la hora."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("desde"), cleaned.get("hasta")
        if since is not None and until is not None and until <= since:
            self.add_error("hasta", _("Debe ser posterior a «Desde»."))
        if cleaned.get("usuario") is not None:
            try:
                granting.refuse_oneself(cleaned["usuario"], self.person)
            except OperationError as error:
                self.add_error("usuario", f"{error.message} {error.remedy}")
        if not self.errors:
            self.refuse_another(cleaned)
        return cleaned

    def refuse_another(self, cleaned: dict[str, Any]) -> None:
        """What there is already, and what waits already with other dates or another reason."""
        what = {name: cleaned[name] for name in ("usuario", "capacidad")}
        grant = granting.Grant(
            by=self.person,
            motivo=cleaned["motivo"],
            now=timezone.now(),
            desde=cleaned["desde"],
            until=cleaned["hasta"],
        )
        try:
            granting.refuse_same_exception(tipo=cleaned["tipo"], desde=grant.desde, **what)
            if cleaned["tipo"] == "conceder":
                granting.same_request("excepcion", grant, **what)
        except OperationError as error:
            self.add_error(None, f"{error.message} {error.remedy}")


@admin.register(PermisoExcepcional)
class PermisoExcepcionalAdmin(RefusingAdmin, BrowseOnlyAdmin):
    """Added here, annulled here; never edited."""

    form = ExceptionForm
    list_display = ("usuario", "tipo", "capacidad", "standing", "motivo", "autorizado_por")
    list_filter = ("tipo", "capacidad__nivel_riesgo")
    list_select_related = ("usuario", "capacidad", "autorizado_por")
    search_fields = ("usuario__username", "capacidad__codigo", "motivo")
    autocomplete_fields = ("usuario",)
    ordering = ("-id",)
    actions = ("annul",)

    class Media:
        css = {"all": ("callcentersite/permissions.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.add_permisoexcepcional"))

    def has_annul_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.change_permisoexcepcional"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ExceptionForm.Meta.fields
        return (
            "usuario", "tipo", "capacidad", "desde", "hasta", "motivo", "autorizado_por",
            "creado_el", "anulado_por", "anulado_el",
        )  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any):  # type: ignore[no-untyped-def]
        form = super().get_form(request, obj, change, **kw)
        return type("ExceptionFormOfPerson", (form,), {"person": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"tipo": "conceder", **super().get_changeform_initial_data(request)}

    @admin.display(description=gettext_lazy("vigencia"))
    def standing(self, row: PermisoExcepcional) -> str:
        if row.anulado_el is None and row.desde > timezone.now():
            return _("todavía no empieza")
        return standing_words(row.anulado_el, row.hasta)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the one place that grants; what waits is not an exception yet."""
        grant = granting.Grant(
            by=request.user,
            motivo=obj.motivo,
            now=timezone.now(),
            desde=form.cleaned_data["desde"],
            until=obj.hasta,
        )
        made = granting.except_person(obj.usuario, obj.capacidad, obj.tipo, grant)
        request.granted = made  # type: ignore[attr-defined]
        obj.pk = made.pk

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        made = getattr(request, "granted", obj)
        return super().log_addition(request, made, message)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        made = getattr(request, "granted", obj)
        if isinstance(made, SolicitudAsignacion):
            text = _("%(what)s espera a que una segunda persona la apruebe.") % {"what": made}
            self.message_user(request, text, messages.WARNING)
            return redirect("admin:users_solicitudasignacion_changelist")
        return super().response_add(request, made, post_url_continue)

    @admin.action(description=gettext_lazy("Anular…"), permissions=["annul"])
    def annul(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        def deed(exception: PermisoExcepcional, values: dict[str, Any]) -> str:
            if not granting.annul_exception(exception, by=request.user, now=timezone.now()):
                raise OperationError(_("Ya estaba anulada."))
            return _("Excepción anulada")

        return ask(self, request, rows.select_related("usuario", "capacidad"), ANNUL, deed)
