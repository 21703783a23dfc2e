"""What a programme has beyond django-q2's row: its zone, what it does when it was missed, how it
went the last time, why it was suspended."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .job_run import JobRun


class OnMissed(models.TextChoices):
    """What is done when nobody was there at its time."""

    SKIP = "skip", _("Saltarla: se ejecuta la próxima vez")
    ONCE = "once", _("Ejecutarla una vez, en cuanto se pueda")


class ProgrammeTerms(models.Model):
    """One for each programme; a row that somebody wrote otherwise has none and gets one."""

    schedule = models.OneToOneField(
        Schedule,
        models.CASCADE,
        primary_key=True,
        related_name="terms",
        verbose_name=_("tarea programada"),
    )
    zone = models.CharField(_("zona horaria"), max_length=64, blank=True)
    on_missed = models.CharField(
        _("si no se pudo"), max_length=4, choices=OnMissed.choices, default=OnMissed.SKIP
    )
    suspended_because = models.TextField(_("por qué está suspendida"), blank=True)
    suspended_at = models.DateTimeField(_("suspendida"), null=True)
    # Up to when its times were told to be missed while nobody could launch it.
    told_until = models.DateTimeField(null=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    last_due = models.DateTimeField(_("última vez"), null=True)
    last_run = models.ForeignKey(
        JobRun, models.SET_NULL, null=True, related_name="+", verbose_name=_("última corrida")
    )
    last_word = models.TextField(_("cómo fue"), blank=True)

    class Meta:
        verbose_name = _("condiciones de una tarea programada")
        verbose_name_plural = _("condiciones de las tareas programadas")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on_missed__in=OnMissed.values), name="programme_on_missed_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.schedule_id}"

    def zone_info(self) -> ZoneInfo:
        """The zone whose clock it follows, the site's own where it names none.

        Raises ValueError or ZoneInfoNotFoundError (a KeyError) for what is no zone.
        """
        return ZoneInfo(self.zone or timezone.get_default_timezone_name())
