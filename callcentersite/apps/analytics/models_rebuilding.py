"""How far a recalculation of the daily metrics has come."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MetricsRebuild(models.Model):
    """A recalculation that has not ended; written in the transaction that rebuilt the days.

    ``run`` is the JobRun's number, ``attempt`` the one that may move it: a process that was given
    up and wakes up late writes nothing. What is after ``done_through`` is still to be done.
    """

    run = models.BigIntegerField(_("corrida"), primary_key=True)
    attempt = models.PositiveSmallIntegerField(_("intento"))
    first = models.DateField(_("primer día"))
    last = models.DateField(_("último día"))
    done_through = models.DateField(_("hecho hasta"), null=True)
    rows = models.PositiveBigIntegerField(_("filas"), default=0)
    corrected = models.PositiveBigIntegerField(_("corregidas"), default=0)
    closed_days = models.PositiveIntegerField(_("días cerrados"), default=0)
    saved_at = models.DateTimeField(_("guardado"), auto_now=True)

    class Meta:
        db_table = "metrics_rebuilds"
        verbose_name = _("avance de recálculo")
        verbose_name_plural = _("avances de recálculo")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="metrics_rebuild_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.run)
