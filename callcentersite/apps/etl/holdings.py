"""The quarantine of a demonstration, and how far the calls were read."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from .models import CallRejection, EtlWatermark

HOLDINGS = (
    Holding(key="rejections", title=_("Llamadas rechazadas"), rows=CallRejection.objects.all),
)


def forget_marks() -> None:
    """The next run reads from the beginning."""
    EtlWatermark.objects.all().delete()
