from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "callcentersite.apps.audit"
    verbose_name = _("Auditoría")

    def ready(self) -> None:
        from . import guarding, logins, runs, tracking  # noqa: F401

        post_migrate.connect(guarding.after_migrate, sender=self)
