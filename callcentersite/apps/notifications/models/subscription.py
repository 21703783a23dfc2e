"""What a person wants to hear."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..domain.events import Event

EVENT_TITLES = {
    Event.FAILED: _("Falla"),
    Event.FIRST_FAILURE: _("Falla por primera vez"),
    Event.RECOVERED: _("Vuelve a terminar bien"),
    Event.SLOW: _("Tarda más de lo habitual"),
    Event.FINISHED: _("Termina"),
}
EVERY_OPERATION = ""


class Subscription(models.Model):
    """One person, one event, one operation or (empty) all of them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("usuario"),
        db_index=False,
    )
    operation = models.CharField(_("operación"), max_length=64, blank=True)
    event = models.CharField(
        _("suceso"), max_length=20, choices=[(one.value, EVENT_TITLES[one]) for one in Event]
    )

    class Meta:
        db_table = "notification_subscriptions"
        verbose_name = _("suscripción")
        verbose_name_plural = _("suscripciones")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operation", "event"], name="subscription_once"
            ),
            models.CheckConstraint(
                condition=Q(event__in=[one.value for one in Event]),
                name="subscription_event_known",
            ),
        ]
        indexes = [
            models.Index(fields=["operation", "event"], name="subscriptions_by_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.operation or '*'} · {self.event}"


class Preference(models.Model):
    """What a person hears without having asked for it; without a row, all of it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notification_preference",
        verbose_name=_("usuario"),
    )
    own_failures = models.BooleanField(_("fallos de lo que lanza"), default=True)
    approvals = models.BooleanField(_("lo que espera su aprobación"), default=True)
    by_email = models.BooleanField(_("también por correo"), default=True)

    class Meta:
        db_table = "notification_preferences"
        verbose_name = _("preferencia de avisos")
        verbose_name_plural = _("preferencias de avisos")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"
