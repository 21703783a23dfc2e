"""Take runs away with all that they left; never one that a worker has in its hands."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from .conf import ops_alias, setting
from .models import JobArtifact, JobRun, SealedPlan
from .states import IN_WORKER

AT_ONCE = 200


def at_work() -> QuerySet[JobRun]:
    """Runs in the hands of a worker that gives signs of life."""
    silence = timedelta(seconds=setting("LOST_AFTER_SECONDS"))
    return JobRun.objects.filter(status__in=sorted(IN_WORKER), heartbeat_at__gte=Now() - silence)


def up_to(last: int) -> QuerySet[JobRun]:
    """The runs up to that number, but for those at work."""
    return JobRun.objects.filter(pk__lte=last).exclude(pk__in=at_work().values("pk"))


def forget(*, last: int, at_most: int = AT_ONCE) -> int:
    """Delete a handful of them with their logs, plans and files; return how many: 0, no more."""
    found = list(up_to(last).order_by("pk").values_list("pk", flat=True)[:at_most])
    if not found:
        return 0
    files = [one.file for one in JobArtifact.objects.filter(run__in=found)]
    plans = SealedPlan.objects.filter(run__in=found).exclude(seal_file="")
    files += [one.seal_file for one in plans]
    with transaction.atomic(using=ops_alias()):
        _all, deleted = JobRun.objects.filter(pk__in=found).delete()
    for file in files:
        file.delete(save=False)
    return deleted.get(JobRun._meta.label, 0)
