"""Tables that have no app of ours: sessions, the log of runs, what the profiler kept."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .targets import Target, register

register(
    Target(
        name="sessions",
        title=_("sesiones vencidas"),
        model="sessions.Session",
        age="expire_date",
        may_archive=False,
    )
)
register(
    Target(
        name="job_logs",
        title=_("registro de corridas"),
        model="opsconsole.JobLog",
        age="at",
        least_days=7,
        may_archive=False,
    )
)
if apps.is_installed("silk"):
    register(
        Target(
            name="silk_requests",
            title=_("peticiones perfiladas"),
            model="silk.Request",
            age="start_time",
            carries=frozenset({"silk.Response", "silk.SQLQuery", "silk.Profile"}),
            may_archive=False,
        )
    )
