"""The reports of a demonstration, with their files."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from .models import Report
from .services import delete_reports

HOLDINGS = (
    Holding(key="reports", title=_("Reportes"), rows=Report.objects.all, take=delete_reports),
)
