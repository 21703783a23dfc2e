from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "callcentersite.apps.common"
    verbose_name = _("Común")

    def ready(self) -> None:
        from callcentersite.apps.configuration import notices

        from .profiling import gate

        notices.offer(gate.CLAVE, gate.what_is_recorded)
