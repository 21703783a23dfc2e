"""Django's admin, with the console's site as the default one."""

from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class ConsoleAdminConfig(AdminConfig):
    default_site = "opsconsole.admin.site.ConsoleSite"

    def ready(self) -> None:
        super().ready()
        # After the apps' own admins: django-q2's are among them, and are replaced.
        from . import expectation_admin, job_runs, queue_admins  # noqa: F401

        autodiscover_modules("panels")
