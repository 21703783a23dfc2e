"""Calls that left the table: where they are kept, and what they must look like there."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CallArchive(models.Model):
    """Calls of one local month in one Parquet file; a month that went in parts has several.

    Written in the transaction that deleted the calls, when the file was in the storage. ``run`` is
    the JobRun's number. ``damage`` says what the last verification found; empty: nothing.
    """

    month = models.DateField(_("mes"), help_text=_("Su primer día."))
    path = models.CharField(_("archivo"), max_length=300, unique=True)
    rows = models.PositiveBigIntegerField(_("llamadas"))
    size_bytes = models.PositiveBigIntegerField(_("tamaño"))
    sha256 = models.CharField(_("huella SHA-256"), max_length=64)
    first_at = models.DateTimeField(_("primera llamada"))
    last_at = models.DateTimeField(_("última llamada"))
    manifest = models.JSONField(_("manifiesto"), default=dict)
    run = models.BigIntegerField(_("corrida"))
    archived_at = models.DateTimeField(_("archivadas"))
    verified_at = models.DateTimeField(_("verificado"), null=True)
    damage = models.CharField(_("daño"), max_length=300, blank=True)
    restored_at = models.DateTimeField(_("devueltas"), null=True)

    class Meta:
        db_table = "call_archives"
        ordering = ["-month", "-id"]
        verbose_name = _("archivo de llamadas")
        verbose_name_plural = _("archivos de llamadas")
        default_permissions = ("view",)
        permissions = [("download_callarchive", _("Puede descargar archivos de llamadas"))]
        indexes = [
            models.Index(fields=["-month", "-id"], name="call_archives_by_month"),
            models.Index(fields=["run"], name="call_archives_by_run"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rows__gt=0), name="call_archive_not_empty"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="call_archive_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.rows}"

    def get_absolute_url(self) -> str:
        return reverse("admin:archive_callarchive_change", args=[self.pk])
