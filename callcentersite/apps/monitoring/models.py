"""How large the tables were, day by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TableSample(models.Model):
    """The estimate of one table on one day; what growth is measured against."""

    name = models.CharField(_("tabla"), max_length=64)
    day = models.DateField(_("día"))
    rows = models.BigIntegerField(_("filas"))
    size_bytes = models.BigIntegerField(_("bytes"), null=True)

    class Meta:
        db_table = "table_samples"
        verbose_name = _("muestra de tabla")
        verbose_name_plural = _("muestras de tablas")
        ordering = ["name", "-day"]
        default_permissions = ()
        permissions = [("view_health", _("Puede ver la salud de la consola"))]
        constraints = [
            models.UniqueConstraint(fields=["name", "day"], name="table_sample_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
