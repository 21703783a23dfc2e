"""A message in somebody's mailbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SUBJECT_LENGTH = 200
KIND_LENGTH = 60


class Level(models.TextChoices):
    """How much it matters."""

    INFO = "info", _("Información")
    SUCCESS = "success", _("Bien")
    WARNING = "warning", _("Atención")
    ERROR = "error", _("Error")


class Notification(models.Model):
    """One message to one person; about a run, about something else on the site, or neither.

    ``kind`` names the occasion: the same occasion of the same run is told to a person once,
    however many processes announce it. ``run_id`` is a plain number, for runs live in another
    database and may go before the message does.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        verbose_name=_("para"),
        db_index=False,  # the index below begins with it
    )
    subject = models.CharField(_("asunto"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("texto"), blank=True)
    level = models.CharField(
        _("importancia"), max_length=10, choices=Level.choices, default=Level.INFO
    )
    kind = models.CharField(_("motivo"), max_length=KIND_LENGTH, blank=True)
    run_id = models.BigIntegerField(_("corrida"), null=True, blank=True)
    link = models.CharField(_("enlace"), max_length=200, blank=True)
    outcome = models.CharField(_("desenlace"), max_length=200, blank=True)
    is_read = models.BooleanField(_("leído"), default=False)
    read_at = models.DateTimeField(_("leído el"), null=True, blank=True)
    created_at = models.DateTimeField(_("recibido"), default=timezone.now)

    class Meta:
        db_table = "notifications"
        verbose_name = _("mensaje")
        verbose_name_plural = _("mensajes")
        ordering = ["is_read", "-id"]
        default_permissions = ()  # one's own mailbox needs no right
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "kind", "recipient"], name="notification_once_per_run_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(is_read=True, read_at__isnull=False)
                | Q(is_read=False, read_at__isnull=True),
                name="notification_read_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="notification_level_known"
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="notification_has_subject"),
        ]
        indexes = [
            models.Index(fields=["recipient", "is_read", "-id"], name="notifications_of_person"),
            models.Index(
                fields=["created_at"], condition=Q(is_read=True), name="notifications_read_by_age"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(is_read=False, level="error"),
                name="notifications_unread_errors",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("admin:notifications_notification_change", args=[self.pk])

    @property
    def target(self) -> str:
        """The page that it is about, or nothing."""
        if self.run_id is not None:
            return reverse("admin:opsconsole_jobrun_change", args=[self.run_id])
        return self.link


class SentNotification(Notification):
    """The same rows, for whoever may see what everybody was told."""

    class Meta:
        proxy = True
        verbose_name = _("aviso enviado")
        verbose_name_plural = _("avisos enviados")
        default_permissions = ("view",)
