"""Where calls come in from a file and go out to one, for the list of calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from opsconsole import permissions, registry
from opsconsole.admin.filters import days_of

from .filters import last_day

# A filter of the list → the option of the export.
OPTION_OF = {
    "queue": "queue",
    "disposition__exact": "disposition",
    "language__exact": "language",
    "q": "call_ids",
}


def links(filters: Mapping[str, str], user: Any) -> dict[str, str]:
    """The addresses that this person may open, the export's with what the list shows."""
    said = address("export_calls", user)
    asked = urlencode(options_of(filters))
    return {
        "import_url": address("import_calls", user),
        "export_url": f"{said}?{asked}" if said and asked else said,
    }


def address(name: str, user: Any) -> str:
    """Where the operation begins; empty for whoever may not run it."""
    operation = registry.find(name)
    if operation is None or not permissions.may_run(operation, user):
        return ""
    return reverse("admin:opsconsole_operation", args=[name])


def options_of(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters of the list in the words of the export's form."""
    options = {new: filters[old] for old, new in OPTION_OF.items() if filters.get(old)}
    days = days_of(filters.get("day", ""), today=last_day()) if filters.get("day") else None
    if days is not None:
        options |= {"since": days[0].isoformat(), "until": days[1].isoformat()}
    return options
