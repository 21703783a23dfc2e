"""The archived calls of a demonstration, with their files."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding
from callcentersite.data_centralization.archives import discard

from .models import CallArchive


def take(keys: list[int]) -> int:
    """The rows first: a file that stays behind is removed by the next archiving."""
    found = CallArchive.objects.filter(pk__in=keys)
    paths = list(found.values_list("path", flat=True))
    found.delete()
    for path in paths:
        discard(path)
    return len(paths)


HOLDINGS = (
    Holding(
        key="call_archives",
        title=_("Archivos de llamadas"),
        rows=CallArchive.objects.all,
        take=take,
    ),
)
