"""What was sent to webhooks, once it is over."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.targets import Target, register

register(
    Target(
        name="webhook_deliveries",
        title=_("envíos de webhooks terminados"),
        model="integrations.WebhookDelivery",
        age="created_at",
        only=~Q(state="pending"),
        least_days=7,
    )
)
