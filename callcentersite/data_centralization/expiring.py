"""What ends by itself: archives whose time is over, files that a dead process left."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from opsconsole.events import ticked

from . import archives, files


@receiver(ticked, dispatch_uid="retention.expiring")
def look_after(**kwargs: Any) -> None:
    """At every tick: whether or not anything is ever removed again."""
    files.finish_all()
    archives.forget_expired()
