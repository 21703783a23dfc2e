"""A line of a run's log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .job_run import JobRun
from .levels import Level


class JobLog(models.Model):
    """One line, numbered within its run from 1; written in batches, never changed."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="log", db_index=False)
    seq = models.PositiveIntegerField(_("número"))
    level = models.CharField(_("nivel"), max_length=7, choices=[(level, level) for level in Level])
    message = models.TextField(_("mensaje"))
    at = models.DateTimeField(_("momento"))

    class Meta:
        verbose_name = _("línea del registro")
        verbose_name_plural = _("líneas del registro")
        ordering = ["run", "seq"]
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="joblog_by_moment")]
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="joblog_run_seq")]

    def __str__(self) -> str:
        return f"[{self.level}] {self.message}"
