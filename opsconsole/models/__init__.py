"""What the engine remembers."""

from .approval import Approval
from .canary import Canary
from .job_artifact import JobArtifact
from .job_log import JobLog
from .job_run import JobRun, Origin
from .levels import Level
from .sealed_plan import SealedPlan

__all__ = [
    "Approval",
    "Canary",
    "JobArtifact",
    "JobLog",
    "JobRun",
    "Level",
    "Origin",
    "SealedPlan",
]
