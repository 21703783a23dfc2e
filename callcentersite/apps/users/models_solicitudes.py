"""What waits for a second person before somebody, or some group, may do more."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models_permisos_granular import Capacidad, GrupoPermiso, person_field


class SolicitudAsignacion(models.Model):
    """A grant that is not in force yet: nobody approves what she asked for or would receive."""

    class Clase(models.TextChoices):
        """What is granted to whom."""

        GRUPO = "grupo", _("grupo a un usuario")
        EXCEPCION = "excepcion", _("capacidad a un usuario")
        CAPACIDAD = "capacidad", _("capacidad a un grupo")

    class Estado(models.TextChoices):
        """Where it stands; only a pending one changes."""

        PENDIENTE = "pendiente", _("espera aprobación")
        APROBADA = "aprobada", _("aprobada")
        RECHAZADA = "rechazada", _("rechazada")
        RETIRADA = "retirada", _("retirada")

    clase = models.CharField(_("clase"), max_length=10, choices=Clase.choices)
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="solicitudes",
        verbose_name=_("usuario"),
    )
    grupo = models.ForeignKey(GrupoPermiso, models.CASCADE, null=True, verbose_name=_("grupo"))
    capacidad = models.ForeignKey(Capacidad, models.CASCADE, null=True, verbose_name=_("capacidad"))
    desde = models.DateTimeField(_("desde"), null=True)
    vence_el = models.DateTimeField(_("vence el"), null=True)
    motivo = models.CharField(_("motivo"), max_length=300)
    solicitada_por = person_field(_("la pidió"))
    solicitada_el = models.DateTimeField(_("pedida el"), default=timezone.now)
    estado = models.CharField(
        _("estado"), max_length=10, choices=Estado.choices, default=Estado.PENDIENTE
    )
    decidida_por = person_field(_("la decidió"))
    decidida_el = models.DateTimeField(_("decidida el"), null=True)
    motivo_decision = models.CharField(_("motivo de la decisión"), max_length=300, blank=True)

    class Meta:
        db_table = "solicitudes_asignacion"
        verbose_name = _("solicitud de asignación")
        verbose_name_plural = _("solicitudes de asignación")
        ordering = ["-id"]
        permissions = [
            ("approve_solicitudasignacion", _("Puede aprobar y rechazar solicitudes de asignación"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decidida_por__isnull=True)
                | Q(solicitada_por__isnull=True)
                | ~Q(decidida_por=F("solicitada_por")),
                name="solicitud_otra_persona",
            ),
            models.CheckConstraint(
                condition=Q(decidida_por__isnull=True)
                | Q(usuario__isnull=True)
                | ~Q(decidida_por=F("usuario")),
                name="solicitud_no_la_beneficiada",
            ),
            models.CheckConstraint(
                condition=Q(
                    clase="grupo",
                    usuario__isnull=False,
                    grupo__isnull=False,
                    capacidad__isnull=True,
                )
                | Q(
                    clase="excepcion",
                    usuario__isnull=False,
                    grupo__isnull=True,
                    capacidad__isnull=False,
                )
                | Q(
                    clase="capacidad",
                    usuario__isnull=True,
                    grupo__isnull=False,
                    capacidad__isnull=False,
                ),
                name="solicitud_dice_que",
            ),
            models.CheckConstraint(
                condition=Q(estado="pendiente", decidida_el__isnull=True)
                | Q(estado__in=["aprobada", "rechazada", "retirada"], decidida_el__isnull=False),
                name="solicitud_decidida_o_no",
            ),
            models.CheckConstraint(condition=~Q(motivo=""), name="solicitud_tiene_motivo"),
            models.UniqueConstraint(
                fields=["usuario", "grupo"],
                condition=Q(estado="pendiente", clase="grupo"),
                name="solicitud_grupo_una_vez",
            ),
            models.UniqueConstraint(
                fields=["usuario", "capacidad"],
                condition=Q(estado="pendiente", clase="excepcion"),
                name="solicitud_excepcion_una_vez",
            ),
            models.UniqueConstraint(
                fields=["grupo", "capacidad"],
                condition=Q(estado="pendiente", clase="capacidad"),
                name="solicitud_capacidad_una_vez",
            ),
        ]

    def __str__(self) -> str:
        return " → ".join(str(part) for part in self.parts)

    @property
    def parts(self) -> tuple[object, ...]:
        """What, and to whom."""
        return {
            self.Clase.GRUPO: (self.grupo, self.usuario),
            self.Clase.EXCEPCION: (self.capacidad, self.usuario),
            self.Clase.CAPACIDAD: (self.capacidad, self.grupo),
        }[self.Clase(self.clase)]
