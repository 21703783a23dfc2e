"""A run that somebody else launches, such as the system's cron, and that is missed if it fails to
come."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Expectation(models.Model):
    """``console expect run_etl --cron "0 * * * *" --grace 10m``."""

    operation = models.CharField(_("operación"), max_length=64)
    cron = models.CharField(_("cron"), max_length=100)
    zone = models.CharField(_("zona horaria"), max_length=64)
    grace_seconds = models.PositiveIntegerField(_("margen, en segundos"))
    declared_by = models.CharField(_("la declaró"), max_length=150, blank=True)
    # Whom its missed runs are told to; None: whoever may change the programmes.
    declared_by_id = models.CharField(max_length=64, null=True, editable=False)
    checked_until = models.DateTimeField(_("comprobada hasta"), default=timezone.now)

    class Meta:
        verbose_name = _("corrida esperada")
        verbose_name_plural = _("corridas esperadas")
        ordering = ["operation", "cron"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "cron", "zone"], name="one_expectation_per_time"
            ),
            models.CheckConstraint(condition=Q(grace_seconds__gt=0), name="expectation_has_grace"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.cron}"

    @property
    def grace(self) -> timedelta:
        """How late the run may begin."""
        return timedelta(seconds=self.grace_seconds)

    def zone_info(self) -> ZoneInfo:
        """The zone of the machine whose cron launches it."""
        return ZoneInfo(self.zone)
