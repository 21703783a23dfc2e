"""One run of the ETL in a process of its own: ``python -m tests.benchmarks.etl_child [options]``.

Prints what it took beyond the start of the process, run record and log included, and the peak
memory of the process, as JSON.
"""

import io
import json
import os
import resource
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")


def main() -> None:
    """Run the command as cron would, and tell."""
    import django
    from django.core.management import call_command

    django.setup()
    from callcentersite.apps.etl.operations import run_etl  # noqa: F401  (what the shell imports)

    began = time.perf_counter()
    call_command("run_etl", *sys.argv[1:], stdout=io.StringIO())
    seconds = time.perf_counter() - began
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mb": peak_kib / 1024} | counts()))


def counts() -> dict[str, int]:
    """What the run's own record says that it did."""
    from opsconsole.models import JobRun

    result = JobRun.objects.latest("pk").result or {}
    return {name: result[name] for name in ("read", "inserted", "updated", "unchanged", "rejected")}


if __name__ == "__main__":
    main()
