"""Who is told of runs that end, and each notice with what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .domain.targets import MOST_CHARACTERS


class WebhookEndpoint(models.Model):
    """An address that gets a signed POST; its secret is kept sealed."""

    nombre = models.CharField(_("nombre"), max_length=100, unique=True)
    url = models.CharField(_("dirección"), max_length=MOST_CHARACTERS)
    sealed_secret = models.TextField(editable=False)
    active = models.BooleanField(
        _("activo"), default=True, help_text=_("Inactivo, no se le envía nada.")
    )
    statuses = models.JSONField(_("cuándo avisa"), default=list)
    operations = models.JSONField(_("de qué operaciones"), default=list, blank=True)
    created_by = models.CharField(_("creado por"), max_length=150, editable=False)
    created_at = models.DateTimeField(_("creado"), default=timezone.now, editable=False)

    class Meta:
        db_table = "webhook_endpoints"
        ordering = ["nombre"]
        default_permissions = ("view", "add", "change")
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.nombre

    def wants(self, *, operation: str, status: str) -> bool:
        """Whether it is told of such an ending."""
        return status in self.statuses and (not self.operations or operation in self.operations)


class WebhookDelivery(models.Model):
    """A notice to one endpoint. Its id is the same at every attempt, for the receiver to know it.

    The run is a number: it lives in the other database.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pendiente")
        DELIVERED = "delivered", _("Entregado")
        GIVEN_UP = "given_up", _("Sin entregar")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    run_id = models.BigIntegerField(
        _("corrida"), null=True, help_text=_("Sin corrida es una prueba.")
    )
    event = models.CharField(_("suceso"), max_length=40)
    body = models.TextField(_("contenido"))
    state = models.CharField(
        _("estado"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveIntegerField(_("intentos"), default=0)
    created_at = models.DateTimeField(_("creado"), default=timezone.now)
    next_at = models.DateTimeField(_("próximo intento"), null=True, default=timezone.now)
    attempted_at = models.DateTimeField(_("último intento"), null=True)
    response_code = models.PositiveSmallIntegerField(_("respuesta"), null=True)
    response_text = models.TextField(_("principio de la respuesta"), blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        db_table = "webhook_deliveries"
        ordering = ["-created_at", "-id"]
        default_permissions = ("view", "change")
        verbose_name = _("envío de webhook")
        verbose_name_plural = _("envíos de webhooks")
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "run_id"], name="webhook_once_per_run"),
            models.CheckConstraint(
                condition=Q(state="pending", next_at__isnull=False)
                | Q(state__in=["delivered", "given_up"], next_at__isnull=True),
                name="webhook_pending_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state="pending"), name="webhook_deliveries_due"
            ),
            models.Index(fields=["-created_at", "-id"], name="webhook_deliveries_recent"),
            models.Index(fields=["run_id"], name="webhook_deliveries_run"),
            models.Index(fields=["state", "-created_at"], name="webhook_deliveries_state"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
