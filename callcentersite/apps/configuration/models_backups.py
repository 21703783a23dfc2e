"""Backups of the settings: a file each, with its checksum."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def backup_path(backup: ConfiguracionBackup, name: str) -> str:
    """Below one folder: there are thirty of them."""
    return f"backups/configuration/{name}"


class ConfiguracionBackup(models.Model):
    """What ``dumpdata`` said of the settings and their history, and ``loaddata`` takes back."""

    name = models.CharField(_("archivo"), max_length=100, unique=True)
    file = models.FileField(upload_to=backup_path, max_length=200)
    size_bytes = models.PositiveBigIntegerField(_("tamaño"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    settings = models.PositiveIntegerField(_("configuraciones"))
    changes = models.PositiveBigIntegerField(_("cambios"))
    made_at = models.DateTimeField(_("hecho"), default=timezone.now)
    made_by = models.CharField(_("lo hizo"), max_length=150, blank=True)
    # The run is in another database, and may go before the file does.
    run = models.BigIntegerField(_("corrida"), null=True)

    class Meta:
        db_table = "configuracion_backups"
        verbose_name = _("respaldo de la configuración")
        verbose_name_plural = _("respaldos de la configuración")
        ordering = ["-made_at", "-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["-made_at", "-id"], name="configuracion_backups_age")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:configuration_configuracionbackup_change", args=[self.pk])
