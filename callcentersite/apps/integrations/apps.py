from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "callcentersite.apps.integrations"
    verbose_name = _("Integraciones")

    def ready(self) -> None:
        from . import duties  # noqa: F401
