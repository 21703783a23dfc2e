from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrityConfig(AppConfig):
    name = "callcentersite.apps.integrity"
    verbose_name = _("Integridad de los datos")

    def ready(self) -> None:
        from . import registry

        registry.autodiscover()
