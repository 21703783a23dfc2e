from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigurationConfig(AppConfig):
    name = "callcentersite.apps.configuration"
    verbose_name = _("Configuración")

    def ready(self) -> None:
        from . import idle, recording  # noqa: F401
