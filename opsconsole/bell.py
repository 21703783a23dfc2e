"""The queue is only a bell: it carries a run's number and nothing else."""

from django.db.models.functions import Now
from django_q.tasks import async_task

from .models import JobRun

TASK = "opsconsole.tasks.execute_run"


def ring(run_id: int) -> None:
    """Tell the workers that a run waits; in the caller's transaction on the ``ops`` alias."""
    async_task(TASK, run_id, task_name=f"run-{run_id}")
    JobRun.objects.filter(pk=run_id).update(rung_at=Now())
