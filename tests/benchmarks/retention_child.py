"""One plan and its application: ``python -m tests.benchmarks.retention_child yes|no``."""

import json
import os
import resource
import sys
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.conf import settings  # noqa: E402

from callcentersite.data_centralization import applying, planning  # noqa: E402
from callcentersite.data_centralization.models import RetentionPolicy  # noqa: E402
from opsconsole import RunContext, kept_plans, registry  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402


def main(archive: str) -> None:
    """Time both; print the figures as JSON."""
    RetentionPolicy.objects.all().delete()
    RetentionPolicy.objects.create(
        name="job_logs", target="job_logs", days=30, archive=archive == "yes"
    )
    plan, planned = timed(planning.make)
    kept = kept_plans.keep(
        registry.get("apply_retention"), plan, door=terminal(), params={}, secrets={}
    )
    ctx = RunContext(run_id=None)
    application = applying.Application(kept, applying.steps_of(kept), ctx)
    removals, applied = timed(application.perform)
    assert removals[0].rows == plan.rows > 0
    print(json.dumps([planned, applied]))


def timed(work):
    """What it gave, how long it took, and the greatest memory until then."""
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result, {"seconds": seconds, "peak_mb": peak}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        main(sys.argv[1])
