"""Pages about webhooks say so while nothing is sent."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from callcentersite.apps.configuration.services import is_on

from ..webhooks.notices import KEY


class SaysWhenOff(admin.ModelAdmin):  # type: ignore[type-arg]
    """A ModelAdmin whose list begins with a notice while webhooks are switched off."""

    change_list_template = "admin/integrations/webhooks.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        told = {"webhooks_off": not is_on(KEY), "setting": KEY} | (extra_context or {})
        return super().changelist_view(request, told)
