"""What mailboxes hold in a demonstration, and what left by mail."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from .models import Delivery, Notification

HOLDINGS = (
    Holding(key="notifications", title=_("Mensajes"), rows=Notification.objects.all),
    Holding(key="deliveries", title=_("Envíos"), rows=Delivery.objects.all),
)
