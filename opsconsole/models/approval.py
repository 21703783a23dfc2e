"""The second person's word about a run that waited for it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .job_run import JobRun


class Approval(models.Model):
    """Asked for by one account, decided by another: the database refuses the same one."""

    class Decision(models.TextChoices):
        """What became of it."""

        PENDING = "pending", _("espera")
        APPROVED = "approved", _("aprobada")
        REJECTED = "rejected", _("rechazada")
        EXPIRED = "expired", _("vencida")

    run = models.OneToOneField(
        JobRun, models.CASCADE, related_name="approval", verbose_name=_("corrida")
    )
    requested_by = models.CharField(_("la pidió"), max_length=150)
    requested_by_id = models.CharField(max_length=64, editable=False)
    asked_at = models.DateTimeField(_("pedida"), default=timezone.now)
    decision = models.CharField(
        _("decisión"), max_length=10, choices=Decision.choices, default=Decision.PENDING
    )
    decided_by = models.CharField(_("la decidió"), max_length=150, blank=True)
    decided_by_id = models.CharField(max_length=64, null=True, editable=False)
    decided_at = models.DateTimeField(_("decidida"), null=True)
    reason = models.CharField(_("motivo"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("aprobación")
        verbose_name_plural = _("aprobaciones")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("requested_by_id")),
                name="approval_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_by_id__isnull=True, decided_at__isnull=True)
                | Q(
                    decision__in=["approved", "rejected"],
                    decided_by_id__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(decision="expired", decided_by_id__isnull=True, decided_at__isnull=False),
                name="approval_decided_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.get_decision_display()}"
