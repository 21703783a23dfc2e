"""A plan as it was shown: for one hour, for one person, for one run."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .job_run import JobRun


def seal_path(plan: "SealedPlan", name: str) -> str:
    """Below one folder, by day, so that none holds too many."""
    return f"plans/{plan.made_at:%Y-%m-%d}/{name}"


class SealedPlan(models.Model):
    """What was shown, and what identifies it: a digest, and what plan() fixed for run().

    The run that it becomes takes it, once: ``used_at`` and ``run`` are written in the transaction
    that writes the run.
    """

    operation = models.CharField(_("operación"), max_length=64)
    params = models.JSONField(_("parámetros"), default=dict)
    sealed_params = models.TextField(editable=False, blank=True)
    digest = models.CharField(_("sello"), max_length=64)
    rows = models.PositiveBigIntegerField(_("filas"))
    content = models.JSONField(_("contenido"), default=dict)
    fixed = models.JSONField(_("lo que quedó fijado"), default=dict)
    seal_file = models.FileField(upload_to=seal_path, max_length=400, blank=True)
    made_by = models.CharField(_("lo hizo"), max_length=150, blank=True)
    made_by_id = models.CharField(max_length=64, null=True, editable=False)
    made_at = models.DateTimeField(_("hecho"))
    expires_at = models.DateTimeField(_("vale hasta"))
    used_at = models.DateTimeField(_("usado"), null=True)
    run = models.OneToOneField(
        JobRun,
        models.CASCADE,
        null=True,
        related_name="sealed_plan",
        verbose_name=_("corrida"),
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("planes")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="sealedplan_by_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="sealedplan_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=True) | Q(used_at__isnull=False),
                name="sealedplan_run_means_used",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Plan %(id)s") % {"id": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("admin:opsconsole_sealedplan_show", args=[self.pk])

    @property
    def details(self) -> dict[str, Any]:
        """What the operation's own part of the page shows."""
        return dict(self.content.get("details", {}))
