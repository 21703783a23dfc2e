"""Filters of the clients' list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ClientStateFilter(admin.SimpleListFilter):
    """Those whose token lets in, and those whose token does not."""

    title = gettext_lazy("estado")
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("vigente", _("Vigentes")),
            ("vencido", _("Vencidos")),
            ("inactivo", _("De cuentas inactivas")),
            ("revocado", _("Revocados")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        in_time = Q(expires_at=None) | Q(expires_at__gt=now)
        idle = Q(account=None) | Q(account__is_active=False)
        conditions = {
            "vigente": in_time & ~idle & Q(revoked_at=None),
            "vencido": Q(expires_at__lte=now, revoked_at=None),
            "inactivo": idle & in_time & Q(revoked_at=None),
            "revocado": Q(revoked_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))
