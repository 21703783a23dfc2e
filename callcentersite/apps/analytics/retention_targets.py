"""What of the calls may be made anonymous, and deleted."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.targets import ANONYMISE, Target, register

from . import daily, removed

PERSONAL = ("ani", "customer_id", "recording_file", "notes")


def person(customer_id: int | None, phone: str) -> Q | None:
    """The calls of a customer, or from a number."""
    found = Q()
    if customer_id is not None:
        found |= Q(customer_id=customer_id)
    if phone:
        found |= Q(ani=phone)
    return found if found else None


register(
    Target(
        name="calls",
        title=_("llamadas"),
        model="analytics.Call",
        age="started_at",
        actions=frozenset({ANONYMISE}),
        least_days=30,
        blanked=PERSONAL,
        stamp="anonymized_at",
        person=person,
    )
)
register(
    Target(
        name="anonymized_data",
        title=_("llamadas anonimizadas"),
        model="analytics.Call",
        age="anonymized_at",
        only=Q(anonymized_at__isnull=False),
        least_days=30,
        alone=daily.COUNTED,
        privileged=removed.closing_days,
        removed=removed.remember,
        restored=removed.reopen,
    )
)
