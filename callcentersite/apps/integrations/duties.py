"""What the engine's events are for here: notices of runs that end, and a little tidying."""

from __future__ import annotations

import time
from typing import Any

from django.dispatch import receiver

from opsconsole.events import ended, ticked
from opsconsole.models import JobRun

from . import limits
from .webhooks import notices, sending


@receiver(ended)
def write_notices(run: JobRun, **kwargs: Any) -> None:
    """Off the run's path: only written down."""
    notices.write(run)


@receiver(ticked)
def send_notices(**kwargs: Any) -> None:
    """Every few seconds, in whichever worker comes first; five seconds at most."""
    sending.send_due()


@receiver(ticked)
def tidy(**kwargs: Any) -> None:
    """Forget how fast those asked who do not ask any more."""
    limits.forget_full(now=time.time())
