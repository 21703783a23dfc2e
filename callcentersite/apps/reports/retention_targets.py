"""Reports age with their files, which come back with them where the policy archives."""

from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.targets import Target, register

from .cleaning import FILE_LISTENER

register(
    Target(
        name="reports",
        title=_("reportes"),
        model="reports.Report",
        age="created_at",
        files="file",
        covers=frozenset({FILE_LISTENER}),  # retention removes the file itself, after the commit
    )
)
