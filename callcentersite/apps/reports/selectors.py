"""Whose reports a person sees, and which she may take home."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from opsconsole import permissions, registry

from .models import Report

OPERATION = "generate_report"


def may_generate(user: Any) -> bool:
    """Whether this account may ask for reports."""
    return permissions.may_run(registry.get(OPERATION), user)


def may_see_all(user: Any) -> bool:
    """Whether this account reads the list of everybody's reports."""
    return bool(user.is_active and user.has_perm("reports.view_report"))


def visible_to(user: Any) -> QuerySet[Report]:
    """Everybody's reports, or those that the person asked for herself."""
    if may_see_all(user):
        return Report.objects.all()
    if not may_generate(user):
        return Report.objects.none()
    # By name as well as by number: the name has the index.
    return Report.objects.filter(created_by=user.get_username(), creator_id=str(user.pk))


def may_see(report: Report, user: Any) -> bool:
    """Whether this account may read what the report is."""
    return may_see_all(user) or is_hers(report, user)


def may_download(report: Report, user: Any) -> bool:
    """Whoever asked for it and still may; else who sees them all and may take them home."""
    return is_hers(report, user) or (
        may_see_all(user) and bool(user.has_perm("reports.download_report"))
    )


def is_hers(report: Report, user: Any) -> bool:
    """Whether she asked for it, and still may ask for reports."""
    return report.creator_id == str(user.pk) and may_generate(user)


def is_made(*, queue: str = "", **asked: Any) -> bool:
    """Whether there is such a report: kind, format, since, until, and of all queues or of one."""
    ready = Report.objects.filter(status=Report.Status.READY)
    return ready.filter(queue=queue, **asked).exists()


def of_run(run_id: int) -> Report | None:
    """The report that a run made."""
    return Report.objects.filter(run=run_id, status=Report.Status.READY).first()
