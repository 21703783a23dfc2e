"""What retention removed in a demonstration, with the archives that could bring it back."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from . import archives
from .models import RetentionRemoval


def take(keys: list[int]) -> int:
    """The files first: only these rows know where they are."""
    found = RetentionRemoval.objects.filter(pk__in=keys)
    for removal in found.exclude(archive=""):
        archives.forget(removal)
    for removal in found.exclude(files=[]):
        archives.forget_files(removal.files)
    found.delete()
    return len(keys)


HOLDINGS = (
    Holding(
        key="retention_removals",
        title=_("Eliminaciones por retención"),
        rows=RetentionRemoval.objects.all,
        take=take,
    ),
)
