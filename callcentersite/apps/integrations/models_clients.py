"""The clients of the API, and how much each has asked lately."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A system that uses the API with a token of its own, with the rights of an account.

    Of the token only a prefix and a digest are kept. Never deleted: revoked, so that the history
    of its runs can be read.
    """

    nombre = models.CharField(
        _("nombre"), max_length=100, unique=True, help_text=_("Qué sistema es, y de quién.")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="api_clients",
        verbose_name=_("cuenta"),
        help_text=_("Con sus permisos actúa: los de ese momento, en cada solicitud."),
    )
    scopes = models.JSONField(_("alcances"), default=list)
    prefix = models.CharField(_("prefijo del token"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.CharField(_("creado por"), max_length=150, editable=False)
    created_at = models.DateTimeField(_("creado"), default=timezone.now, editable=False)
    rotated_at = models.DateTimeField(_("token renovado"), null=True, editable=False)
    expires_at = models.DateTimeField(_("vence"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("último uso"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revocado"), null=True, editable=False)
    revoked_by = models.CharField(_("revocado por"), max_length=150, blank=True, editable=False)

    class Meta:
        db_table = "api_clients"
        ordering = ["nombre"]
        default_permissions = ("view", "add", "change")
        verbose_name = _("cliente de la API")
        verbose_name_plural = _("clientes de la API")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="api_client_expires_later",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="api_client_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up."""
        return self.expires_at is not None and self.expires_at <= now


class Bucket(models.Model):
    """How fast somebody asks: ``domain.pace`` says what the number means. Written by ``limits``."""

    name = models.CharField(max_length=80, primary_key=True)
    full_at = models.FloatField(db_index=True)

    class Meta:
        db_table = "api_buckets"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
