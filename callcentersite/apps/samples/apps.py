from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SamplesConfig(AppConfig):
    name = "callcentersite.apps.samples"
    verbose_name = _("Datos de demostración")
