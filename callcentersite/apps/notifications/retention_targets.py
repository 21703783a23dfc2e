"""Messages that were read age; what nobody has read stays, however old."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.targets import Target, register

register(
    Target(
        name="notifications",
        title=_("avisos leídos"),
        model="notifications.Notification",
        age="created_at",
        only=Q(is_read=True),  # as the index says: every policy is served by it
        least_days=7,
    )
)
