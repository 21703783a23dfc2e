"""A message on its way out of the console: by mail, by SMS."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .notification import KIND_LENGTH, SUBJECT_LENGTH


class Delivery(models.Model):
    """One message to one person by one channel: waits, was sent, failed for good, or was skipped.

    Apart from the mailbox, which keeps its message whatever becomes of this.
    """

    class Channel(models.TextChoices):
        """By which way."""

        EMAIL = "email", _("Correo")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        """Where it stands; only a pending one changes."""

        PENDING = "pending", _("Pendiente")
        SENT = "sent", _("Enviado")
        FAILED = "failed", _("No se pudo enviar")
        SKIPPED = "skipped", _("Omitido")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="deliveries",
        verbose_name=_("para"),
    )
    channel = models.CharField(_("canal"), max_length=10, choices=Channel.choices)
    subject = models.CharField(_("asunto"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("texto"), blank=True)
    kind = models.CharField(max_length=KIND_LENGTH, blank=True, editable=False)
    run_id = models.BigIntegerField(_("corrida"), null=True)
    link = models.CharField(max_length=200, blank=True, editable=False)
    state = models.CharField(
        _("estado"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("intentos"), default=0)
    due_at = models.DateTimeField(_("próximo intento"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False, default=None)
    error = models.CharField(_("motivo"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("pedido"), default=timezone.now)
    done_at = models.DateTimeField(_("terminado"), null=True)

    class Meta:
        db_table = "notification_deliveries"
        verbose_name = _("envío")
        verbose_name_plural = _("envíos")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "kind", "channel", "recipient"],
                name="delivery_once_per_run_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", done_at__isnull=True)
                | Q(state__in=["sent", "failed", "skipped"], done_at__isnull=False),
                name="delivery_done_or_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="deliveries_due"),
            models.Index(fields=["done_at"], name="deliveries_by_end"),
            models.Index(fields=["claim"], name="deliveries_by_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.subject}"
