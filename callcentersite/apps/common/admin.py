"""What the admin finds here: the recorded requests."""

from .profiling.admin import RecordedRequestAdmin

__all__ = ["RecordedRequestAdmin"]
