from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EtlConfig(AppConfig):
    name = "callcentersite.apps.etl"
    verbose_name = _("ETL")

    def ready(self) -> None:
        from . import checks  # noqa: F401
