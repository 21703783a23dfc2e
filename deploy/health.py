"""``python deploy/health.py web|worker``: exit 0 while that service does its work, for containers.

A cluster whose idle worker was killed goes deaf and stays alive (django-q2 issue 23), so the
worker is asked about the queue, not about its process.
"""

import http.client
import os
import sys
from pathlib import Path

PORT = int(os.environ.get("PORT", "8000"))


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


def worker() -> bool:
    """Whether somebody takes what waits in the queue."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django

    django.setup()
    from opsconsole.selectors.queue import Verdict, queue_state

    return queue_state().verdict not in {Verdict.NOBODY, Verdict.DEAF}


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker}[sys.argv[1]]() else 1)
