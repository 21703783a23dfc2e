"""What comes by an address, by a forged selection or too late is told in words, never a 500."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from opsconsole import OperationError

MOST_DIGITS = 18  # of the key of a row


def is_key(text: str) -> bool:
    """Whether it can be a row's key at all."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


class RefusingAdmin(ModelAdmin):  # type: ignore[type-arg]
    """A ModelAdmin whose rules may refuse as late as in the saving."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django does; what somebody else made impossible meanwhile saves nothing."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationError as error:
            text = f"{error.message} {error.cause} {error.remedy}"
            self.message_user(request, text, messages.ERROR)
            return redirect(request.get_full_path())

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """As Django does, with the rows that can be rows."""
        posted = request.POST.copy()
        selected = [one for one in posted.getlist(ACTION_CHECKBOX_NAME) if is_key(one)]
        posted.setlist(ACTION_CHECKBOX_NAME, selected)
        request.POST = posted  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address proposes, without the rows that cannot be."""
        keys = {one.name for one in self.opts.fields if one.is_relation}
        proposed = super().get_changeform_initial_data(request)
        return {
            name: value
            for name, value in proposed.items()
            if name not in keys or is_key(str(value))
        }
