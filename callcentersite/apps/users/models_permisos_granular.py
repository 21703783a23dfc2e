"""Granular permissions: what may be done, by which groups, by whom, until when and why.

A capability is reached through groups, or through an exception that concedes or revokes it. Rows
about people are never edited and never deleted: they end, and say who ended them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.whole import WrittenWhole


class NivelRiesgo(models.TextChoices):
    """How much harm a misuse does."""

    BAJO = "bajo", _("bajo")
    MEDIO = "medio", _("medio")
    ALTO = "alto", _("alto")
    CRITICO = "critico", _("crítico")


def known_risk(name: str) -> models.CheckConstraint:
    """The database's own list of risks."""
    return models.CheckConstraint(
        condition=Q(nivel_riesgo__in=NivelRiesgo.values), name=f"{name}_riesgo_conocido"
    )


class Funcion(models.Model):
    """A part of the system, as its menu names it."""

    nombre = models.CharField(_("nombre"), max_length=60, unique=True)
    nombre_completo = models.CharField(_("nombre completo"), max_length=120, unique=True)
    dominio = models.CharField(_("dominio"), max_length=60)
    categoria = models.CharField(_("categoría"), max_length=60)
    descripcion = models.TextField(_("descripción"), blank=True)
    icono = models.CharField(_("icono"), max_length=60, blank=True)
    orden_menu = models.PositiveSmallIntegerField(_("orden en el menú"), default=0)
    capacidades: models.ManyToManyField[Capacidad, FuncionCapacidad] = models.ManyToManyField(
        "Capacidad", through="FuncionCapacidad", related_name="funciones"
    )

    class Meta:
        db_table = "funciones"
        verbose_name = _("función")
        verbose_name_plural = _("funciones")
        permissions = [
            ("import_funcion", _("Puede importar funciones")),
            ("export_funcion", _("Puede exportar funciones")),
        ]
        ordering = ["orden_menu", "nombre"]
        constraints = [
            models.CheckConstraint(condition=~Q(nombre_completo=""), name="funcion_tiene_nombre")
        ]

    def __str__(self) -> str:
        return self.nombre_completo


class Capacidad(models.Model):
    """One thing that may be done; ``codigo`` is what code and people call it."""

    codigo = models.CharField(_("código"), max_length=160, unique=True)
    accion = models.CharField(_("acción"), max_length=60)
    nombre = models.CharField(_("nombre"), max_length=120)
    nivel_riesgo = models.CharField(_("riesgo"), max_length=10, choices=NivelRiesgo.choices)
    requiere_aprobacion = models.BooleanField(
        _("requiere aprobación"),
        default=False,
        help_text=_("Asignarla espera a que una segunda persona la apruebe."),
    )
    requiere_auditoria = models.BooleanField(_("requiere auditoría"), default=False)

    class Meta:
        db_table = "capacidades"
        verbose_name = _("capacidad")
        verbose_name_plural = _("capacidades")
        permissions = [
            ("import_capacidad", _("Puede importar capacidades")),
            ("export_capacidad", _("Puede exportar capacidades")),
        ]
        ordering = ["codigo"]
        constraints = [
            models.CheckConstraint(condition=~Q(codigo=""), name="capacidad_tiene_codigo"),
            known_risk("capacidad"),
        ]

    def __str__(self) -> str:
        return self.codigo


class FuncionCapacidad(models.Model):
    """A capability's place in a function: its order there, and whether the function needs it."""

    funcion = models.ForeignKey(Funcion, models.CASCADE, related_name="enlaces")
    capacidad = models.ForeignKey(Capacidad, models.CASCADE, related_name="enlaces")
    orden = models.PositiveSmallIntegerField(_("orden"), default=1)
    es_requerida = models.BooleanField(_("es requerida"), default=False)

    class Meta:
        db_table = "funcion_capacidades"
        verbose_name = _("capacidad de la función")
        verbose_name_plural = _("capacidades de la función")
        ordering = ["funcion", "orden"]
        constraints = [
            models.UniqueConstraint(
                fields=["funcion", "capacidad"], name="capacidad_una_vez_por_funcion"
            ),
            models.UniqueConstraint(fields=["funcion", "orden"], name="orden_unico_en_funcion"),
        ]

    def __str__(self) -> str:
        return f"{self.funcion} · {self.capacidad}"


class GrupoPermiso(WrittenWhole):
    """People by what they do; an inactive group gives nothing to anybody."""

    codigo = models.CharField(
        _("código"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Use minúsculas, números y guiones bajos."))
        ],
    )
    nombre = models.CharField(_("nombre"), max_length=120)
    descripcion = models.TextField(_("descripción"), blank=True)
    categoria = models.CharField(_("categoría"), max_length=60)
    nivel_riesgo = models.CharField(_("riesgo"), max_length=10, choices=NivelRiesgo.choices)
    requiere_aprobacion = models.BooleanField(
        _("requiere aprobación"),
        default=False,
        help_text=_("Asignarlo espera a que una segunda persona lo apruebe."),
    )
    color = models.CharField(
        _("color"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"\A#[0-9A-Fa-f]{6}\Z", _("Escriba un color como #3B82F6."))],
    )
    icono = models.CharField(_("icono"), max_length=60, blank=True)
    activo = models.BooleanField(
        _("activo"), default=True, help_text=_("Un grupo inactivo no da ningún permiso a nadie.")
    )
    capacidades = models.ManyToManyField(
        Capacidad, through="GrupoCapacidad", related_name="grupos", verbose_name=_("capacidades")
    )

    class Meta:
        db_table = "grupos_permisos"
        verbose_name = _("grupo de permisos")
        verbose_name_plural = _("grupos de permisos")
        permissions = [
            ("import_grupopermiso", _("Puede importar grupos de permisos")),
            ("export_grupopermiso", _("Puede exportar grupos de permisos")),
        ]
        ordering = ["codigo"]
        constraints = [
            models.CheckConstraint(condition=~Q(codigo=""), name="grupo_tiene_codigo"),
            known_risk("grupo"),
        ]

    def __str__(self) -> str:
        return self.nombre


class GrupoCapacidad(models.Model):
    """What a group may do."""

    grupo = models.ForeignKey(GrupoPermiso, models.CASCADE, related_name="enlaces")
    capacidad = models.ForeignKey(Capacidad, models.CASCADE, related_name="enlaces_de_grupo")

    class Meta:
        db_table = "grupo_capacidades"
        verbose_name = _("capacidad del grupo")
        verbose_name_plural = _("capacidades del grupo")
        constraints = [
            models.UniqueConstraint(
                fields=["grupo", "capacidad"], name="capacidad_una_vez_por_grupo"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grupo} · {self.capacidad}"


def person_field(title: Any) -> models.ForeignKey[Any, Any]:
    """Who did it; the row outlives the account."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=title,
    )


class UsuarioGrupo(models.Model):
    """A person's membership in a group: by whom, why, until when; and by whom it was ended."""

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="asignaciones",
        verbose_name=_("usuario"),
    )
    grupo = models.ForeignKey(
        GrupoPermiso, models.CASCADE, related_name="asignaciones", verbose_name=_("grupo")
    )
    asignado_por = person_field(_("lo asignó"))
    asignado_el = models.DateTimeField(_("asignado el"), default=timezone.now)
    motivo = models.CharField(_("motivo"), max_length=300)
    vence_el = models.DateTimeField(_("vence el"), null=True, blank=True)
    revocado_por = person_field(_("lo revocó"))
    revocado_el = models.DateTimeField(_("revocado el"), null=True, blank=True)
    motivo_revocacion = models.CharField(_("motivo de la revocación"), max_length=300, blank=True)

    class Meta:
        db_table = "usuarios_grupos"
        verbose_name = _("grupo de un usuario")
        verbose_name_plural = _("grupos de los usuarios")
        permissions = [
            ("import_usuariogrupo", _("Puede importar grupos de los usuarios")),
            ("export_usuariogrupo", _("Puede exportar grupos de los usuarios")),
        ]
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["usuario", "grupo"],
                condition=Q(revocado_el__isnull=True),
                name="grupo_una_vez_por_usuario",
            ),
            models.CheckConstraint(
                condition=Q(vence_el__isnull=True) | Q(vence_el__gt=F("asignado_el")),
                name="asignacion_vence_despues",
            ),
            models.CheckConstraint(
                condition=Q(revocado_el__isnull=True) | Q(revocado_el__gte=F("asignado_el")),
                name="asignacion_revocada_despues",
            ),
            models.CheckConstraint(condition=~Q(motivo=""), name="asignacion_tiene_motivo"),
        ]

    def __str__(self) -> str:
        return f"{self.usuario} · {self.grupo}"


class PermisoExcepcional(models.Model):
    """One capability given to, or taken from, one person, whatever her groups say."""

    class Tipo(models.TextChoices):
        """Which way; where both are in force, revoking wins."""

        CONCEDER = "conceder", _("conceder")
        REVOCAR = "revocar", _("revocar")

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="excepciones",
        verbose_name=_("usuario"),
    )
    capacidad = models.ForeignKey(
        Capacidad, models.CASCADE, related_name="excepciones", verbose_name=_("capacidad")
    )
    tipo = models.CharField(_("tipo"), max_length=10, choices=Tipo.choices)
    desde = models.DateTimeField(_("desde"), default=timezone.now)
    hasta = models.DateTimeField(_("hasta"), null=True, blank=True)
    motivo = models.CharField(_("motivo"), max_length=300)
    autorizado_por = person_field(_("la autorizó"))
    creado_el = models.DateTimeField(_("creada el"), default=timezone.now, editable=False)
    anulado_por = person_field(_("la anuló"))
    anulado_el = models.DateTimeField(_("anulada el"), null=True, blank=True)

    class Meta:
        db_table = "permisos_excepcionales"
        verbose_name = _("permiso excepcional")
        verbose_name_plural = _("permisos excepcionales")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo__in=["conceder", "revocar"]), name="excepcion_tipo_conocido"
            ),
            models.CheckConstraint(
                condition=Q(hasta__isnull=True) | Q(hasta__gt=F("desde")),
                name="excepcion_termina_despues",
            ),
            models.CheckConstraint(condition=~Q(motivo=""), name="excepcion_tiene_motivo"),
            models.UniqueConstraint(
                fields=["usuario", "capacidad", "tipo", "desde"],
                condition=Q(anulado_el__isnull=True),
                name="excepcion_una_vez",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} {self.capacidad} · {self.usuario}"
