"""Reports that somebody asked for, each with its file."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .domain.dates import Dates
from .domain.kinds import Format, Kind
from .domain.request import ReportRequest

KINDS = [
    (Kind.DAY_QUEUE.value, _("Métricas por día y cola")),
    (Kind.DAY.value, _("Métricas por día")),
    (Kind.QUEUE.value, _("Métricas por cola")),
]
FORMATS = [(one.value, one.upper()) for one in Format]


class Report(models.Model):
    """A report of call metrics. Its row is written before its file and outlives it nowhere.

    ``run`` is the number of a run, which lives in the console's own database; whoever asked for
    the report is a name and a number, as on the run, so that the list outlives people.
    """

    class Status(models.TextChoices):
        """Whether there is a file to download."""

        GENERATING = "generating", _("Generándose")
        READY = "ready", _("Listo")

    title = models.CharField(_("título"), max_length=200)
    kind = models.CharField(_("tipo"), max_length=20, choices=KINDS)
    since = models.DateField(_("desde"))
    until = models.DateField(_("hasta"))
    queue = models.CharField(_("cola"), max_length=32, blank=True)
    format = models.CharField(_("formato"), max_length=4, choices=FORMATS)
    status = models.CharField(
        _("estado"), max_length=10, choices=Status.choices, default=Status.GENERATING
    )
    rows = models.PositiveIntegerField(_("filas"), null=True)
    size_bytes = models.PositiveBigIntegerField(_("tamaño"), null=True)
    sha256 = models.CharField(_("huella SHA-256"), max_length=64, blank=True)
    # Under a name that nobody guesses; only the guarded page of the report leads to it.
    file = models.FileField(_("archivo"), max_length=200)
    created_by = models.CharField(_("lo pidió"), max_length=150, blank=True)
    creator_id = models.CharField(max_length=64, null=True, editable=False)
    created_at = models.DateTimeField(_("pedido"), auto_now_add=True)
    run = models.BigIntegerField(_("corrida"), db_index=True)

    class Meta:
        db_table = "reports"
        ordering = ["-id"]
        verbose_name = _("reporte")
        verbose_name_plural = _("reportes")
        default_permissions = ("view",)
        permissions = [
            ("download_report", _("Puede descargar los reportes de todos")),
            ("schedule_report", _("Puede programar reportes")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="report_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(format__in=[one.value for one in Format]), name="report_format_known"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="report_days_in_order"),
            models.CheckConstraint(
                condition=Q(status="generating")
                | Q(status="ready", rows__isnull=False, size_bytes__isnull=False) & ~Q(sha256=""),
                name="report_ready_means_complete",
            ),
            models.UniqueConstraint(fields=["file"], name="report_file_of_its_own"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="report_by_day"),
            models.Index(fields=["created_by", "-id"], name="report_by_person"),
            models.Index(fields=["kind", "-id"], name="report_by_kind"),
            models.Index(fields=["format", "-id"], name="report_by_format"),
            models.Index(fields=["queue", "-id"], name="report_by_queue"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("admin:reports_report_change", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to download."""
        return self.status == self.Status.READY

    @property
    def request(self) -> ReportRequest:
        """What it was asked to be."""
        return ReportRequest(
            kind=Kind(self.kind),
            dates=Dates(first=self.since, last=self.until),
            queue=self.queue or None,
            format=Format(self.format),
        )
