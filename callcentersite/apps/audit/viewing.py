"""One word on a ModelAdmin, and whoever opens a page of it is written down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from . import services

OK = 200


class PersonalDataAdmin:
    """Its pages show somebody's data: each view of one is an entry of the audit.

    Say which rows do with ``shows_personal_data(request, obj)``; all of them, unless it is said.
    The entry is written after the answer: it delays no page, and no page fails by it.
    """

    def shows_personal_data(self, request: HttpRequest, obj: Any) -> bool:
        """Whether this row tells this person something about another."""
        return True

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django does; then remember who saw it."""
        response: HttpResponse = super().change_view(  # type: ignore[misc]
            request, object_id, form_url, extra_context
        )
        if request.method == "GET" and response.status_code == OK:
            obj = getattr(response, "context_data", {}).get("original")
            if obj is not None and self.shows_personal_data(request, obj):
                services.viewed(obj)
        return response
