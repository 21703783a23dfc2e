"""The engine as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OpsConsoleConfig(AppConfig):
    name = "opsconsole"
    verbose_name = _("Operaciones")

    def ready(self) -> None:
        from django_q.signals import post_spawn

        from . import checks, permissions, registry, watch  # noqa: F401

        registry.autodiscover()
        post_migrate.connect(permissions.create_run_permissions, dispatch_uid="run_permissions")
        post_spawn.connect(watch.start, dispatch_uid="opsconsole_watch")
