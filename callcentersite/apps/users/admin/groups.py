"""Groups, with their capabilities as a matrix by function."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.interchange.admin import InterchangeAdmin
from opsconsole import OperationError
from opsconsole.admin.paginator import CappedPaginator

from .. import granting
from ..interchange.resources import GrupoPermisoResource
from ..models import Capacidad, Funcion, FuncionCapacidad, GrupoPermiso, SolicitudAsignacion
from .refusing import RefusingAdmin
from .risk import risk_chip, risk_of


class CapabilityMatrix(forms.CheckboxSelectMultiple):
    """Tick boxes: a row per function, a box per capability, its risk in words."""

    template_name = "admin/users/matrix.html"
    waiting: Collection[int] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """With the site's templates: forms have a template engine of their own."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        chosen = {str(one) for one in value or ()}
        rows = [
            (
                function,
                [
                    {
                        "capacidad": one,
                        "checked": str(one.pk) in chosen,
                        "risk": risk_of(one.nivel_riesgo),
                        "waiting": one.pk in self.waiting,
                    }
                    for one in capabilities
                ],
            )
            for function, capabilities in by_function().items()
        ]
        widget = {"name": name, "attrs": self.build_attrs(self.attrs, attrs), "is_hidden": False}
        return {"widget": widget, "functions": rows}


def by_function() -> dict[Funcion | None, list[Capacidad]]:
    """Every capability once, at the first of its functions in the menu; None: it has none."""
    links = FuncionCapacidad.objects.select_related("funcion", "capacidad").order_by(
        "funcion__orden_menu", "funcion__nombre", "orden"
    )
    functions: dict[Funcion | None, list[Capacidad]] = {}
    shown = set()
    for link in links:
        if link.capacidad_id not in shown:
            shown.add(link.capacidad_id)
            functions.setdefault(link.funcion, []).append(link.capacidad)
    rest = list(Capacidad.objects.filter(enlaces=None).order_by("codigo"))
    return functions | ({None: rest} if rest else {})


class SeenField(forms.CharField):
    """The boxes that were ticked when the page was shown; nothing that a person changes."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[int]:
        """Their keys."""
        return [int(one) for one in str(value or "").split() if one.isdecimal()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class GrupoForm(forms.ModelForm):  # type: ignore[type-arg]
    """The group itself, what it may do, and why that changes.

    ``seen`` is what the page showed: only what differs from it changes, and what somebody else
    ticked meanwhile stays.
    """

    seen = SeenField(required=False)
    matriz = forms.ModelMultipleChoiceField(
        Capacidad.objects.all(),
        label=gettext_lazy("Capacidades"),
        required=False,
        widget=CapabilityMatrix,
    )
    motivo = forms.CharField(
        label=gettext_lazy("Motivo del cambio"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Obligatorio si agrega una capacidad que requiere aprobación."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = GrupoPermiso
        fields = (
            "codigo", "nombre", "descripcion", "categoria", "nivel_riesgo", "requiere_aprobacion",
            "color", "icono", "activo",
        )  # fmt: skip

    person: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            there = list(self.instance.enlaces.values_list("capacidad", flat=True))
            shown = self.data.get(self.add_prefix("seen"))
            self.fields["matriz"].initial = there if shown is None else SeenField().clean(shown)
            self.fields["seen"].initial = " ".join(str(pk) for pk in there)
            matrix = self.fields["matriz"].widget
            if isinstance(matrix, CapabilityMatrix):
                matrix.waiting = set(
                    SolicitudAsignacion.objects.filter(
                        clase="capacidad", estado="pendiente", grupo=self.instance
                    ).values_list("capacidad", flat=True)
                )

    def clean(self) -> dict[str, Any]:
        """Refuse here what the rules will refuse, so that the form keeps what was typed."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        before = set(self.fields["matriz"].initial or ())
        new = [one for one in cleaned["matriz"] if one.pk not in before]
        grave = [one for one in new if one.requiere_aprobacion]
        if grave and not cleaned["motivo"].strip():
            self.add_error("motivo", _("Diga por qué: una capacidad nueva requiere aprobación."))
        if self.instance.pk and self.has_changed():
            try:
                granting.refuse_member(self.instance, self.person)
                if "activo" in self.changed_data and cleaned["activo"]:
                    granting.refuse_switching_on(self.stored(), self.person)
                for one in grave if "motivo" in cleaned else ():
                    granting.same_request(
                        "capacidad", self.grant(), grupo=self.instance, capacidad=one
                    )
            except OperationError as error:
                self.add_error(None, f"{error.message} {error.cause} {error.remedy}")
        return cleaned

    def grant(self) -> granting.Grant:
        """By whom, and why."""
        return granting.Grant(
            by=self.person, motivo=self.cleaned_data["motivo"], now=timezone.now()
        )

    def stored(self) -> GrupoPermiso:
        """The group as it is, without what the form brings."""
        return GrupoPermiso.objects.get(pk=self.instance.pk)


@admin.register(GrupoPermiso)
class GrupoPermisoAdmin(RefusingAdmin, InterchangeAdmin):
    """What people may do, by what they are."""

    form = GrupoForm
    resource_class = GrupoPermisoResource
    background = "import_grupopermiso"
    list_display = ("nombre", "codigo", "risk", "approval", "how_many", "people", "activo")
    list_filter = ("categoria", "nivel_riesgo", "requiere_aprobacion", "activo")
    search_fields = ("codigo", "nombre", "descripcion")
    ordering = ("nombre",)
    sortable_by = ("nombre", "codigo")
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions = None
    fieldsets = (
        (None, {"fields": ("nombre", "codigo", "descripcion", "activo")}),
        (gettext_lazy("Qué puede hacer"), {"fields": ("matriz", "seen", "motivo")}),
        (
            gettext_lazy("Riesgo y aspecto"),
            {"fields": ("categoria", "nivel_riesgo", "requiere_aprobacion", "color", "icono")},
        ),
    )

    class Media:
        css = {"all": ("callcentersite/permissions.css",)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any):  # type: ignore[no-untyped-def]
        form = super().get_form(request, obj, change, **kw)
        return type("GrupoFormOfPerson", (form,), {"person": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is how programs know it; approval is not lifted by those whom it binds."""
        if obj is None or request.user.is_superuser:
            return ("codigo",) if obj is not None else ()
        return ("codigo", "requiere_aprobacion")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        now = timezone.now()
        in_force = Q(asignaciones__revocado_el=None) & (
            Q(asignaciones__vence_el=None) | Q(asignaciones__vence_el__gt=now)
        )
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            many=Count("enlaces", distinct=True),
            members=Count("asignaciones", filter=in_force, distinct=True),
        )
        return counted

    @admin.display(description=gettext_lazy("riesgo"))
    def risk(self, grupo: GrupoPermiso) -> SafeString:
        return risk_chip(grupo.nivel_riesgo)

    @admin.display(description=gettext_lazy("aprobación"))
    def approval(self, grupo: GrupoPermiso) -> str:
        return _("de una segunda persona") if grupo.requiere_aprobacion else _("no hace falta")

    @admin.display(description=gettext_lazy("capacidades"))
    def how_many(self, grupo: Any) -> int:
        return int(grupo.many)

    @admin.display(description=gettext_lazy("personas"))
    def people(self, grupo: Any) -> SafeString:
        address = reverse("admin:users_usuariogrupo_changelist")
        return format_html(
            '<a href="{}?grupo__id__exact={}">{}</a>', address, grupo.pk, grupo.members
        )

    @admin.display(description=gettext_lazy("capacidades"))
    def granted(self, grupo: GrupoPermiso) -> SafeString:
        """For whoever may look and not touch."""
        links = grupo.enlaces.select_related("capacidad").order_by("capacidad__codigo")
        return format_html_join(
            "",
            "<p>{} <code>{}</code> {}</p>",
            (
                (one.capacidad.nombre, one.capacidad.codigo, risk_chip(one.capacidad.nivel_riesgo))
                for one in links
            ),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The matrix only for whoever may change it."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        shown = [(title, dict(options)) for title, options in fieldsets]
        shown[1][1]["fields"] = ("granted",)
        return shown

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the group itself: what it may do, through the one place that grants."""
        super().save_related(request, form, formsets, change)
        done = granting.set_capabilities(
            form.instance,
            form.cleaned_data["matriz"],
            form.grant(),
            seen=form.fields["matriz"].initial,
        )
        form.done = done
        if done.waiting:
            text = _("Esperan a que una segunda persona las apruebe: %(codes)s.")
            self.message_user(request, text % {"codes": ", ".join(done.waiting)}, messages.WARNING)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The admin's own history says which capabilities came and went."""
        message = super().construct_change_message(request, form, formsets, add)
        done: granting.Change = form.done
        signs = [f"+{code}" for code in sorted((*done.added, *done.waiting))]
        signs += [f"-{code}" for code in sorted(done.removed)]
        if signs:
            what: Any = {"name": _("Capacidades"), "object": " ".join(signs)}
            message.append({"changed": what})
        return message
