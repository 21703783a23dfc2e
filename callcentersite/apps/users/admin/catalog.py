"""Functions and capabilities, to look at: the seed writes them, and imports of superusers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin
from callcentersite.apps.common.interchange.admin import InterchangeAdmin

from ..interchange.resources import CapacidadResource, FuncionResource
from ..models import Capacidad, Funcion, FuncionCapacidad
from .risk import approval_words, risk_chip


@admin.register(Funcion)
class FuncionAdmin(InterchangeAdmin, BrowseOnlyAdmin):
    """The functions of the system, with what may be done in each."""

    resource_class = FuncionResource
    background = "import_funcion"
    list_display = ("nombre_completo", "descripcion", "dominio", "categoria", "how_many")
    list_filter = ("dominio", "categoria")
    search_fields = ("nombre", "nombre_completo", "descripcion")
    ordering = ("orden_menu", "nombre")
    sortable_by = ("nombre_completo", "dominio", "categoria")
    fields = (
        "nombre", "nombre_completo", "dominio", "categoria", "descripcion", "icono", "orden_menu",
        "listed",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(many=Count("enlaces"))
        return counted

    @admin.display(description=_("capacidades"))
    def how_many(self, funcion: Any) -> int:
        return int(funcion.many)

    @admin.display(description=_("capacidades"))
    def listed(self, funcion: Funcion) -> SafeString:
        links = funcion.enlaces.select_related("capacidad").order_by("orden")
        return format_html_join(
            "",
            "<p>{}. <b>{}</b> <code>{}</code> {} {}</p>",
            (
                (
                    link.orden,
                    link.capacidad.nombre,
                    link.capacidad.codigo,
                    risk_chip(link.capacidad.nivel_riesgo),
                    approval_words(link.capacidad.requiere_aprobacion),
                )
                for link in links
            ),
        )


@admin.register(Capacidad)
class CapacidadAdmin(InterchangeAdmin, BrowseOnlyAdmin):
    """Everything that may be done, and which groups may do it."""

    resource_class = CapacidadResource
    background = "import_capacidad"
    list_display = ("codigo", "nombre", "risk", "requiere_aprobacion", "requiere_auditoria")
    list_filter = ("nivel_riesgo", "requiere_aprobacion", "requiere_auditoria", "funciones")
    search_fields = ("codigo", "nombre")
    ordering = ("codigo",)
    sortable_by = ("codigo", "nombre")
    fields = (
        "codigo", "nombre", "accion", "functions", "risk", "requiere_aprobacion",
        "requiere_auditoria", "groups",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        links = FuncionCapacidad.objects.select_related("funcion")
        return super().get_queryset(request).prefetch_related(Prefetch("enlaces", links))

    @admin.display(description=_("riesgo"))
    def risk(self, capacidad: Capacidad) -> SafeString:
        return risk_chip(capacidad.nivel_riesgo)

    @admin.display(description=_("función"))
    def functions(self, capacidad: Capacidad) -> str:
        return ", ".join(link.funcion.descripcion for link in capacidad.enlaces.all()) or NOTHING

    @admin.display(description=_("grupos que la tienen"))
    def groups(self, capacidad: Capacidad) -> str:
        return ", ".join(str(one) for one in capacidad.grupos.order_by("nombre")) or NOTHING
