from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "callcentersite.apps.notifications"
    verbose_name = _("Avisos")

    def ready(self) -> None:
        from callcentersite.apps.configuration.domain import facilities

        from . import checks, listeners  # noqa: F401
        from .channels import sms

        facilities.offer("sms_provider", sms.is_provided)
