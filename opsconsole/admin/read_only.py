"""Long tables that people look at and nobody edits."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst

from .paginator import CappedPaginator


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list that counts no whole table, and its rows; whoever may view reads, nobody writes."""

    paginator = CappedPaginator
    show_full_result_count = False
    view_on_site = False  # its page here is the only one
    keeps_history = False  # in Django's own table of changes; True where an action writes there

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Headed by what it is: nobody comes to change it."""
        own = {"title": capfirst(self.opts.verbose_name)} if object_id else {}
        return super().changeform_view(request, object_id, form_url, own | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["without_history"] = not self.keeps_history
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
