"""Lists that say what they are, and what they are for while nothing is in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from ..text import Text


class NamedList(admin.ModelAdmin):
    """Headed by its ``list_title``; ``nothing_yet`` stands in the place of the first row."""

    change_list_template = "admin/opsconsole/list.html"
    list_title: ClassVar[Text]
    nothing_yet: ClassVar[Text]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {"title": self.list_title, "nothing_yet": self.nothing_yet}
        return super().changelist_view(request, words | (extra_context or {}))
