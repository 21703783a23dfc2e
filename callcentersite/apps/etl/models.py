"""What the ETL keeps for itself: the rows it refused, and how far it has read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CallRejection(models.Model):
    """A legacy row that broke a rule, as it was read, with every reason.

    A row is in ``Call`` or here, never in both. ``run`` is the JobRun's number, not a foreign key:
    that table is in another database.
    """

    call_id = models.BigIntegerField(_("llamada"), primary_key=True)
    reasons = models.JSONField(_("motivos"), help_text=_("Lista de reglas incumplidas."))
    raw = models.JSONField(_("fila original"))
    last_good = models.JSONField(
        _("últimos valores buenos"),
        null=True,
        blank=True,
        help_text=_("La llamada como estaba cargada antes de que su fila se estropeara."),
    )
    seen_at = models.DateTimeField(_("vista"))
    run = models.BigIntegerField(_("ejecución"), null=True, blank=True)

    class Meta:
        db_table = "call_rejections"
        ordering = ["-call_id"]
        verbose_name = _("llamada rechazada")
        verbose_name_plural = _("llamadas rechazadas")
        indexes = [models.Index(fields=["-seen_at"], name="call_rejections_seen_at")]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=[]), name="call_rejections_has_reason"),
        ]

    def __str__(self) -> str:
        return str(self.call_id)


class EtlWatermark(models.Model):
    """How far one reading of the legacy calls has come; committed with the rows it speaks of.

    ``ivr_calls`` holds the watermark of the incremental reading: every row updated before
    ``updated_at`` has been read. ``first_load`` and ``run-7`` are walks by ``call_id`` that have
    not ended: rows up to ``call_id`` are loaded, and ``updated_at`` is the watermark that holds
    once the walk is through. ``file-8`` is a file that is being loaded: ``tally`` is what became
    of its rows so far. ``updated_at`` is text because it is the IVR's local time, which in autumn
    names two instants.
    """

    name = models.CharField(_("lectura"), max_length=40, primary_key=True)
    updated_at = models.CharField(_("actualizadas hasta"), max_length=19, null=True, blank=True)
    call_id = models.BigIntegerField(_("leídas hasta la llamada"), null=True, blank=True)
    owner = models.CharField(
        _("en uso por"),
        max_length=32,
        blank=True,
        default="",
        help_text=_("La ejecución que puede moverla; otra que despierte tarde queda fuera."),
    )
    tally = models.JSONField(_("lo cargado"), null=True, blank=True)
    saved_at = models.DateTimeField(_("guardada"), auto_now=True)

    class Meta:
        db_table = "etl_watermarks"
        ordering = ["name"]
        verbose_name = _("avance de lectura")
        verbose_name_plural = _("avances de lectura")

    def __str__(self) -> str:
        return self.name
