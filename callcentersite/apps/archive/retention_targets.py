"""Archived calls tell who called as well."""

from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.elsewhere import Files, register

from . import people

register(
    Files(
        name="call_archives",
        title=_("llamadas archivadas"),
        find=people.find,
        erase=people.erase,
        target="calls",
        older=people.older,
        blank=people.blank,
    )
)
