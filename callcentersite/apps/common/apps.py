from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "callcentersite.apps.common"
    verbose_name = _("Común")
