"""Failed logins, as django-axes counts them, under a name and rights of our own."""

from axes.models import AccessAttempt
from django.utils.translation import gettext_lazy as _


class FailedLogin(AccessAttempt):  # type: ignore[misc]
    """How often an account failed to log in from an address with one browser."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        permissions = [("unlock_failedlogin", _("Puede desbloquear cuentas"))]
        verbose_name = _("entrada fallida")
        verbose_name_plural = _("entradas fallidas")

    def __str__(self) -> str:
        return f"{self.username or '–'} · {self.ip_address or '–'}"
