"""How permissions leave: the columns of their importers, links as codes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field

from callcentersite.apps.common.interchange.resources import InterchangeResource, StrictBoolean

from ..models import Capacidad, Funcion, GrupoPermiso, UsuarioGrupo
from . import catalog, groups, memberships, moments


def flag(name: str) -> Field:
    """A column that says yes or no."""
    return Field(attribute=name, column_name=name, widget=StrictBoolean())


class CapacidadResource(InterchangeResource):
    """What may be done."""

    importer = catalog.CapacidadImporter
    requiere_aprobacion = flag("requiere_aprobacion")
    requiere_auditoria = flag("requiere_auditoria")

    class Meta(InterchangeResource.Meta):
        model = Capacidad
        import_id_fields = ("codigo",)
        fields = catalog.CapacidadImporter.columns
        export_order = fields


class FuncionResource(InterchangeResource):
    """The functions, each with its capabilities in their order."""

    importer = catalog.FuncionImporter
    capacidades = Field(column_name="capacidades")

    class Meta(InterchangeResource.Meta):
        model = Funcion
        import_id_fields = ("nombre_completo",)
        fields = catalog.FuncionImporter.columns
        export_order = fields

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.prefetch_related("enlaces__capacidad")

    def dehydrate_capacidades(self, funcion: Funcion) -> str:
        """As its importer reads them."""
        return catalog.text_of(
            [(one.orden, one.capacidad.codigo, one.es_requerida) for one in funcion.enlaces.all()]
        )


class GrupoPermisoResource(InterchangeResource):
    """The groups, each with the codes of what it may do."""

    importer = groups.GroupImporter
    requiere_aprobacion = flag("requiere_aprobacion")
    activo = flag("activo")
    capacidades = Field(column_name="capacidades")

    class Meta(InterchangeResource.Meta):
        model = GrupoPermiso
        import_id_fields = ("codigo",)
        fields = groups.GroupImporter.columns
        export_order = fields

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.prefetch_related("enlaces__capacidad")

    def dehydrate_capacidades(self, grupo: GrupoPermiso) -> str:
        """As its importer reads them."""
        return groups.joined([one.capacidad.codigo for one in grupo.enlaces.all()])


class UsuarioGrupoResource(InterchangeResource):
    """Who is in which group; those that somebody ended are history, and stay here."""

    importer = memberships.MembershipImporter
    usuario = Field(attribute="usuario__username", column_name="usuario")
    grupo = Field(attribute="grupo__codigo", column_name="grupo")
    vence_el = Field(column_name="vence_el")

    class Meta(InterchangeResource.Meta):
        model = UsuarioGrupo
        import_id_fields = ("usuario", "grupo")
        fields = memberships.MembershipImporter.columns
        export_order = fields

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.filter(revocado_el=None).select_related("usuario", "grupo")

    def dehydrate_vence_el(self, row: UsuarioGrupo) -> str:
        """As its importer reads it."""
        return moments.text_of(row.vence_el)
