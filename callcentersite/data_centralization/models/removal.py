"""What a run removed under one policy, and whether it can be brought back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RetentionRemoval(models.Model):
    """Written in the transaction that removed the rows. ``run`` is the JobRun's number."""

    run = models.BigIntegerField(_("corrida"))
    policy = models.CharField(_("política"), max_length=60)
    target = models.CharField(_("tabla"), max_length=60)
    action = models.CharField(_("acción"), max_length=10)
    cutoff = models.DateTimeField(_("corte"), null=True)
    rows = models.PositiveBigIntegerField(_("filas"))
    size_bytes = models.PositiveBigIntegerField(_("bytes de las filas"), default=0)
    removed_at = models.DateTimeField(_("eliminadas"))
    archive = models.CharField(_("archivo"), max_length=300, blank=True)
    manifest = models.JSONField(_("manifiesto"), default=dict)
    restorable_until = models.DateTimeField(_("se puede deshacer hasta"), null=True)
    restored_at = models.DateTimeField(_("deshecha"), null=True)
    files = models.JSONField(_("archivos por quitar"), default=list)

    class Meta:
        db_table = "retention_removals"
        verbose_name = _("eliminación por retención")
        verbose_name_plural = _("eliminaciones por retención")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["policy", "-id"], name="removals_by_policy"),
            models.Index(fields=["run"], name="removals_by_run"),
            models.Index(
                fields=["restorable_until"],
                condition=~Q(archive=""),
                name="removals_archived",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(archive="") | Q(restorable_until__isnull=False),
                name="removal_archive_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.rows}"
