"""No file without its row: whoever deletes a report, and however a run ends."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from opsconsole.events import ended
from opsconsole.models import JobRun

from . import services
from .models import Report

logger = logging.getLogger(__name__)
FILE_LISTENER = "reports.delete_file"


def connect() -> None:
    """Listen from the start of the process."""
    post_delete.connect(delete_file, sender=Report, dispatch_uid=FILE_LISTENER)
    ended.connect(discard_unfinished, dispatch_uid="reports.discard_unfinished")


def delete_file(sender: Any, instance: Report, using: str, **kwargs: Any) -> None:
    """The file goes when its row is gone for good, not before."""
    storage, name = instance.file.storage, str(instance.file.name)

    def remove() -> None:
        storage.delete(name)

    transaction.on_commit(remove, using=using, robust=True)


def discard_unfinished(sender: Any, run: JobRun, **kwargs: Any) -> None:
    """A run that was lost or killed left a report that nobody is going to finish."""
    found = services.discard(Report.objects.filter(run=run.pk))
    if found:
        logger.info("run %s: %s unfinished report removed", run.pk, found)
