"""The result on the run's page: a row a check, with the way to its rows in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from opsconsole.models import JobRun
from opsconsole.text import Text

from . import registry
from .domain.findings import Severity
from .fields import SEVERITIES
from .registry import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check that found something."""

    title: Text
    severity: Text
    tone: str
    count: int
    mendable: int
    explanation: Text
    remedy: Text
    mend: Text
    sample: tuple[str, ...]
    left: int
    url: str


def details(run: JobRun, user: Any) -> dict[str, Any]:
    """What the template is given; a run that never got so far has nothing."""
    result = run.result or {}
    if "found" not in result:
        return {}
    checks = [row_of(one, user) for one in result["found"]]
    return {"checks": checks, "checked": result["checked"]}


def row_of(stored: dict[str, Any], user: Any) -> CheckRow:
    """One row, in the reader's language where the check is still there."""
    check = registry.find(stored["check"])
    severity, sample = Severity(stored["severity"]), stored["sample"]
    return CheckRow(
        title=check.title if check else stored["title"],
        severity=SEVERITIES[severity],
        tone="bad" if severity is Severity.ERROR else "warn",
        count=stored["count"],
        mendable=stored["mendable"],
        explanation=check.explanation if check else "",
        remedy=check.remedy if check else "",
        mend=check.mend.title if check and check.mend else "",
        sample=tuple(one["text"] for one in sample),
        left=stored["count"] - len(sample),
        url=list_url(check, sample, user) if check else "",
    )


def list_url(check: Check, sample: list[dict[str, Any]], user: Any) -> str:
    """The model's list, narrowed to the sample; empty where this person cannot see it."""
    label = check.model if check.listed is None else check.listed
    model = apps.get_model(label) if label else None
    shown_by = admin.site._registry.get(model) if model else None
    if shown_by is None or model is None or not user.has_perm(view_permission(model)):
        return ""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    if not check.lookup:
        return url
    sought = dict.fromkeys(str(one["sought"] or one["key"]) for one in sample)
    return f"{url}?{urlencode({f'{check.lookup}__in': ','.join(sought)})}"


def view_permission(model: Any) -> str:
    """What the list asks for."""
    return f"{model._meta.app_label}.view_{model._meta.model_name}"
