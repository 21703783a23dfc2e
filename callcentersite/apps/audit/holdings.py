"""The entries of a demonstration: pruned as always, so that the rest of the chain verifies."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from .models import AuditLog
from .pruning import prune


def take(keys: list[int]) -> int:
    """A beginning of the chain, by the one way that there is; a checkpoint tells of it."""
    return prune(up_to=keys[-1]).count


HOLDINGS = (
    Holding(key="audit", title=_("Entradas de auditoría"), rows=AuditLog.objects.all, take=take),
)
