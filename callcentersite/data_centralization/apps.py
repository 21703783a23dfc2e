from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataCentralizationConfig(AppConfig):
    name = "callcentersite.data_centralization"
    verbose_name = _("Retención de datos")

    def ready(self) -> None:
        from . import checks, expiring, targets  # noqa: F401

        targets.autodiscover()
