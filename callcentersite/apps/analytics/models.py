"""What the console knows of the call centre: calls as they were cleaned, and their daily sums."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .models_rebuilding import MetricsRebuild

__all__ = [
    "Agent",
    "Call",
    "ClosedDay",
    "DailyMetrics",
    "Disposition",
    "Language",
    "MetricsRebuild",
    "Queue",
    "RemovedCalls",
    "StaleDay",
]


class Queue(models.Model):
    """A queue of the IVR, refreshed from ``ivr_queues`` by every run of the ETL."""

    code = models.CharField(_("clave"), max_length=32, primary_key=True)
    name = models.CharField(_("nombre"), max_length=80)
    segment = models.CharField(_("segmento"), max_length=32)
    sla_seconds = models.IntegerField(
        _("segundos de nivel de servicio"),
        default=20,
        help_text=_("Una llamada contestada en este tiempo está dentro del nivel de servicio."),
    )
    active = models.BooleanField(_("activa"), default=True)

    class Meta:
        db_table = "queues"
        ordering = ["code"]
        verbose_name = _("cola")
        verbose_name_plural = _("colas")

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Agent(models.Model):
    """An agent of the call centre, refreshed from ``ivr_agents`` by every run of the ETL."""

    code = models.CharField(_("clave"), max_length=32, primary_key=True)
    name = models.CharField(_("nombre"), max_length=120)
    team = models.CharField(_("equipo"), max_length=60, null=True, blank=True)
    active = models.BooleanField(_("activo"), default=True)

    class Meta:
        db_table = "agents"
        ordering = ["code"]
        verbose_name = _("agente")
        verbose_name_plural = _("agentes")

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Disposition(models.TextChoices):
    """How a call ended, in the IVR's own words."""

    ANSWERED = "ANSWERED", _("Contestada")
    ABANDONED = "ABANDONED", _("Abandonada")
    NO_ANSWER = "NO_ANSWER", _("Sin respuesta")
    BUSY = "BUSY", _("Ocupado")
    FAILED = "FAILED", _("Fallida")
    TRANSFERRED = "TRANSFERRED", _("Transferida")
    VOICEMAIL = "VOICEMAIL", _("Buzón de voz")


class Language(models.TextChoices):
    """The language that the caller chose."""

    ES = "es", _("Español")
    EN = "en", _("Inglés")
    NAH = "nah", _("Náhuatl")


class Call(models.Model):
    """One call that passed every rule of the ETL; instants are UTC, lengths are seconds.

    Queue and agent are codes, not foreign keys: a load of a million rows would pay for each check,
    and a call outlives the queue it came in on.
    """

    call_id = models.BigIntegerField(_("llamada"), primary_key=True)
    ani = models.CharField(
        _("número que llama"),
        max_length=32,
        null=True,
        blank=True,
        help_text=_("E.164; vacío si estaba oculto o no era un número."),
    )
    dnis = models.CharField(_("número marcado"), max_length=32, null=True, blank=True)
    queue_code = models.CharField(_("cola"), max_length=32)
    agent_code = models.CharField(_("agente"), max_length=32, null=True, blank=True)
    started_at = models.DateTimeField(_("inicio"))
    answered_at = models.DateTimeField(_("contestada"), null=True, blank=True)
    ended_at = models.DateTimeField(_("fin"))
    duration_s = models.IntegerField(_("duración (s)"))
    wait_s = models.IntegerField(_("espera (s)"))
    talk_s = models.IntegerField(_("conversación (s)"))
    disposition = models.CharField(_("resultado"), max_length=16, choices=Disposition)
    menu_path = models.CharField(_("ruta del menú"), max_length=64, null=True, blank=True)
    language = models.CharField(_("idioma"), max_length=8, choices=Language)
    customer_id = models.BigIntegerField(_("cliente"), null=True, blank=True)
    recording_file = models.CharField(_("grabación"), max_length=120, null=True, blank=True)
    notes = models.TextField(_("notas"), null=True, blank=True)
    source_updated_at = models.DateTimeField(_("actualizada en origen"), null=True, blank=True)
    anonymized_at = models.DateTimeField(
        _("anonimizada"),
        null=True,
        blank=True,
        help_text=_("Desde entonces no dice quién llamó, y el ETL ya no la cambia."),
    )

    class Meta:
        db_table = "calls"
        ordering = ["-started_at"]
        verbose_name = _("llamada")
        verbose_name_plural = _("llamadas")
        indexes = [
            models.Index(fields=["started_at"], name="calls_started_at"),
            models.Index(
                fields=["anonymized_at"],
                condition=Q(anonymized_at__isnull=False),
                name="calls_anonymized_at",
            ),
        ]
        constraints = [
            # One cheap comparison a row: what every figure is computed from.
            models.CheckConstraint(
                condition=Q(wait_s__gte=0, talk_s__gte=0, ended_at__gte=F("started_at")),
                name="calls_lengths_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(self.call_id)


class RemovedCalls(models.Model):
    """Calls that were deleted on purpose, so that the ETL does not bring them back.

    A row stands for 64 consecutive numbers: bit n of ``bits`` for call ``64 × word + n``. Two
    million deleted calls are some 31,000 rows.
    """

    word = models.BigIntegerField(primary_key=True)
    bits = models.BigIntegerField()
    calls = models.SmallIntegerField()

    class Meta:
        db_table = "removed_calls"
        verbose_name = _("llamadas eliminadas")
        verbose_name_plural = _("llamadas eliminadas")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.word)


class ClosedDay(models.Model):
    """A local day some of whose calls are gone: its DailyMetrics stay as they are."""

    day = models.DateField(_("día"), primary_key=True)

    class Meta:
        db_table = "closed_days"
        verbose_name = _("día cerrado")
        verbose_name_plural = _("días cerrados")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class DailyMetrics(models.Model):
    """The sums of one local day and one queue, from which every rate and mean can be computed."""

    day = models.DateField(_("día"), help_text=_("Día local del sitio."))
    queue = models.CharField(_("cola"), max_length=32)
    offered = models.IntegerField(_("ofrecidas"))
    answered = models.IntegerField(_("contestadas"))
    abandoned = models.IntegerField(_("abandonadas"))
    within_sla = models.IntegerField(_("dentro del nivel de servicio"))
    wait_sum_s = models.BigIntegerField(_("espera, suma (s)"))
    wait_max_s = models.IntegerField(_("espera, máximo (s)"))
    talk_sum_s = models.BigIntegerField(_("conversación, suma (s)"))
    talk_max_s = models.IntegerField(_("conversación, máximo (s)"))

    class Meta:
        db_table = "daily_metrics"
        ordering = ["-day", "queue"]
        verbose_name = _("métricas del día")
        verbose_name_plural = _("métricas por día")
        constraints = [
            models.UniqueConstraint(fields=["day", "queue"], name="daily_metrics_day_queue"),
            models.CheckConstraint(
                condition=Q(
                    offered__gte=F("answered") + F("abandoned"), answered__gte=F("within_sla")
                ),
                name="daily_metrics_parts_within_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.queue}"


class StaleDay(models.Model):
    """A local day whose calls changed and whose DailyMetrics are still to be rebuilt.

    Written in the transaction that changed the calls: a run killed before the rebuild leaves the
    work to the next one.
    """

    day = models.DateField(_("día"), primary_key=True)

    class Meta:
        db_table = "stale_days"
        ordering = ["day"]
        verbose_name = _("día por recalcular")
        verbose_name_plural = _("días por recalcular")

    def __str__(self) -> str:
        return str(self.day)
