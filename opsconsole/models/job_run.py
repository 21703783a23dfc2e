"""One run of an operation: the truth about it, whatever the queue says."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..states import ACTIVE, ENDINGS, Status


class Origin(models.TextChoices):
    """Through which door it came."""

    CLI = "cli", _("la terminal")
    ADMIN = "admin", _("la página")
    SCHEDULE = "schedule", _("una tarea programada")
    API = "api", _("la API")


class JobRun(models.Model):
    """A run. Written only through the ``ops`` alias, only by the engine.

    No foreign key leads out of it: who asked for it is a name and a number, so the history
    outlives people as well as code.
    """

    operation = models.CharField(_("operación"), max_length=64)
    title = models.CharField(_("título"), max_length=200, blank=True)
    status = models.CharField(
        _("estado"), max_length=20, choices=Status.choices, default=Status.QUEUED
    )
    params = models.JSONField(_("parámetros"), default=dict)
    sealed_params = models.TextField(editable=False, blank=True)
    plan_digest = models.CharField(max_length=64, blank=True, editable=False)
    lock_key = models.CharField(max_length=200, null=True, editable=False)
    # What a client called its request, and what it asked for: sent twice, it makes one run.
    request_key = models.CharField(max_length=80, null=True, editable=False)
    request_digest = models.CharField(max_length=64, blank=True, editable=False)
    requested_by = models.CharField(_("la pidió"), max_length=150, blank=True)
    requested_by_id = models.CharField(max_length=64, null=True, editable=False)
    origin = models.CharField(_("desde"), max_length=10, choices=Origin.choices)
    retry_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="retries", verbose_name=_("repite a")
    )
    # A part of another run's work: whose, which one, and what of the work it is.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="parts", verbose_name=_("parte de")
    )
    part_number = models.PositiveSmallIntegerField(_("parte"), null=True)
    part = models.JSONField(null=True, editable=False)

    attempt = models.PositiveSmallIntegerField(_("intento"), default=0)
    deaths = models.PositiveSmallIntegerField(_("workers perdidos"), default=0)
    refused_claims = models.PositiveIntegerField(_("entregas repetidas"), default=0)
    token = models.UUIDField(null=True, editable=False)
    worker = models.CharField(_("worker"), max_length=255, blank=True)
    timeout_seconds = models.PositiveIntegerField(_("plazo, en segundos"), default=3600)
    cancel_requested_by = models.CharField(_("la canceló"), max_length=150, blank=True)

    progress_current = models.BigIntegerField(_("avance"), null=True)
    progress_total = models.BigIntegerField(_("total"), null=True)
    progress_unit = models.CharField(_("unidad"), max_length=40, blank=True)
    phase = models.CharField(_("fase"), max_length=64, blank=True)
    phases = models.JSONField(_("fases"), default=dict)
    result = models.JSONField(_("resultado"), null=True)

    error = models.TextField(_("error"), blank=True)
    error_cause = models.TextField(_("causa"), blank=True)
    error_remedy = models.TextField(_("solución"), blank=True)
    error_class = models.CharField(_("clase del error"), max_length=200, blank=True)
    traceback = models.TextField(_("traza"), blank=True)

    log_lines = models.PositiveIntegerField(_("líneas"), default=0)
    log_dropped = models.PositiveBigIntegerField(_("líneas no guardadas"), default=0)

    queued_at = models.DateTimeField(_("pedida"), default=timezone.now)
    rung_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("empezó"), null=True)
    finished_at = models.DateTimeField(_("terminó"), null=True)
    heartbeat_at = models.DateTimeField(_("última señal"), null=True)
    announced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("corrida")
        verbose_name_plural = _("corridas")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [
            ("cancel_jobrun", _("Puede cancelar corridas")),
            ("retry_jobrun", _("Puede repetir corridas")),
            ("approve_jobrun", _("Puede aprobar y rechazar corridas")),
            ("view_traceback", _("Puede ver la traza de un error")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "lock_key"],
                condition=Q(status__in=sorted(ACTIVE)) & Q(lock_key__isnull=False),
                name="one_active_run_per_lock",
            ),
            models.UniqueConstraint(fields=["request_key"], name="one_run_per_request_key"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(Status.values)), name="jobrun_status_known"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(status__in=sorted(ENDINGS)),
                name="jobrun_finished_means_ended",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, part_number__isnull=True)
                | Q(parent__isnull=False, part_number__isnull=False),
                name="jobrun_part_is_of_a_run",
            ),
        ]
        indexes = [
            models.Index(fields=["operation", "-id"], name="jobrun_by_operation"),
            models.Index(fields=["status", "-id"], name="jobrun_by_status"),
            models.Index(fields=["origin", "-id"], name="jobrun_by_origin"),
            models.Index(fields=["requested_by", "-id"], name="jobrun_by_person"),
            models.Index(fields=["queued_at"], name="jobrun_by_day"),
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(status__in=sorted(ACTIVE)),
                name="jobrun_active",
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(announced_at__isnull=True, status__in=sorted(ENDINGS)),
                name="jobrun_untold",
            ),
        ]

    def __str__(self) -> str:
        return _("Corrida %(id)s") % {"id": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("admin:opsconsole_jobrun_change", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def has_ended(self) -> bool:
        return self.status in ENDINGS

    @property
    def is_part(self) -> bool:
        return self.part_number is not None

    def duration(self, *, now: datetime | None = None) -> timedelta | None:
        """From the start to the end, or to ``now`` while it runs; None before the start."""
        if self.started_at is None:
            return None
        return (self.finished_at or now or timezone.now()) - self.started_at
