"""What the engine remembers."""

from .approval import Approval
from .canary import Canary
from .expectation import Expectation
from .job_artifact import JobArtifact
from .job_log import JobLog
from .job_run import JobRun, Origin
from .levels import Level
from .programme_terms import OnMissed, ProgrammeTerms
from .sealed_plan import SealedPlan

__all__ = [
    "Approval",
    "Canary",
    "Expectation",
    "JobArtifact",
    "JobLog",
    "JobRun",
    "Level",
    "OnMissed",
    "Origin",
    "ProgrammeTerms",
    "SealedPlan",
]
