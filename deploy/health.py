"""``python deploy/health.py web|worker``: whether that service does its work.

Exit 0: it does. 1: it does not. 2, of the worker: the database cannot be asked, and a restart of
the workers would mend nothing. A cluster whose idle worker was killed goes deaf and stays alive
(django-q2 issue 23), so the worker is asked about the queue, not about its process.
"""

import http.client
import os
import sys
import time
from pathlib import Path

PORT = int(os.environ.get("PORT", "8000"))
LOOKS = 5


def web() -> bool:
    """Whether it could answer people, asked as the proxy in front would."""
    allowed = os.environ.get("ALLOWED_HOSTS", "").partition(",")[0]
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        headers = {"Host": allowed.lstrip(".*") or "localhost", "X-Forwarded-Proto": "https"}
        connection.request("GET", "/health/ready/web", headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def worker(*, pause_seconds: float = 2.0) -> bool:
    """Whether somebody takes what waits in the queue; needs Django.

    A cluster's sign of life lasts for seconds, and a busy host is late with it: one look is not
    enough to have it restarted.
    """
    from opsconsole.selectors.queue import Verdict, queue_state

    for _look in range(LOOKS):
        if queue_state().verdict not in {Verdict.NOBODY, Verdict.DEAF}:
            return True
        time.sleep(pause_seconds)
    return False


def asked_worker() -> int:
    """The exit code for the worker."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django
    from django.db import Error

    django.setup()
    try:
        return 0 if worker() else 1
    except Error as error:
        sys.stderr.write(f"{type(error).__name__}: no se pudo preguntar a la base.\n")
        return 2


if __name__ == "__main__":
    sys.exit(asked_worker() if sys.argv[1] == "worker" else int(not web()))
