from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "callcentersite.apps.reports"
    verbose_name = _("Reportes")

    def ready(self) -> None:
        from . import cleaning

        cleaning.connect()
