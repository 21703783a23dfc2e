from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "callcentersite.apps.monitoring"
    verbose_name = _("Vigilancia")

    def ready(self) -> None:
        from . import sampling  # noqa: F401
