"""Links only for whom they open: nobody is led to a page that refuses her."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from opsconsole import permissions
from opsconsole.models import JobRun

from .acting import current_request
from .browsing import NOTHING


def linked(address: str, text: str) -> SafeString | str:
    """A link where it leads somewhere."""
    return format_html('<a href="{}">{}</a>', address, text) if address else text


def run_link(number: int | None) -> SafeString | str:
    """A run by its number: lists name one in each row, so for most readers it is not looked up."""
    if number is None:
        return NOTHING
    request = current_request()
    if request is not None and permissions.may_see_every_run(request.user):
        address = reverse("admin:opsconsole_jobrun_change", args=[number])
    else:
        address = page_of(JobRun._meta.label_lower, str(number))
    return linked(address, f"#{number}")


def page_of(kind: str, number: str) -> str:
    """The page of the thing, while there is one and whoever reads may open it."""
    request = current_request()
    if request is None or not number:
        return ""
    try:
        model = apps.get_model(kind)
        thing = model._default_manager.filter(pk=number).first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        address = reverse(name, args=[number])
    except (LookupError, ValueError, NoReverseMatch):
        return ""
    allowed = thing is not None and admin.site.get_model_admin(model).has_view_permission(
        request, thing
    )
    return address if allowed else ""
