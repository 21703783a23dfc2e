"""Refused rows hold what the IVR knows of a caller, so they age too."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.analytics import removed
from callcentersite.data_centralization.targets import DELETE, Target, register

from .domain import phones


def person(customer_id: int | None, phone: str) -> Q | None:
    """By what the IVR wrote, and by the last good values."""
    found = Q()
    if customer_id is not None:
        numbers = [customer_id, str(customer_id)]
        found |= Q(raw__customer_id__in=numbers) | Q(last_good__customer_id=customer_id)
    if phone:
        found |= Q(raw__ani__regex=phones.ways_to_write(phone)) | Q(last_good__ani=phone)
    return found if found else None


register(
    Target(
        name="call_rejections",
        title=_("llamadas rechazadas"),
        model="etl.CallRejection",
        age="seen_at",
        least_days=7,
        person=person,
        person_action=DELETE,
        removed=removed.remember,
        restored=removed.forget,
    )
)
