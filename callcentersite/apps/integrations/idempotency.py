"""``Idempotency-Key``: the same request sent twice makes one run.

The key is written on the run itself, in the statement that creates it, and is unique there: there
is no moment at which one exists without the other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from opsconsole.exceptions import AlreadyRunning
from opsconsole.models import JobRun
from opsconsole.runner import RequestKey

from .answers import ApiError
from .api import Call

HEADER = "Idempotency-Key"
FORM = re.compile(r"[\x21-\x7e]{1,200}")


class Repeated(Exception):
    """Another request with the same key was first; its run is the answer."""

    def __init__(self, run: JobRun) -> None:
        super().__init__(run.pk)
        self.run = run


def key_of(call: Call) -> RequestKey | None:
    """The client's key with what it stands for; None where none was sent."""
    text = call.request.headers.get(HEADER)
    if text is None:
        return None
    if not FORM.fullmatch(text):
        raise ApiError(
            _("Idempotency-Key no vale."),
            status=400,
            cause=_("Son de 1 a 200 signos ASCII, sin espacios."),
            remedy=_("Use un UUID nuevo por cada cosa que quiera hacer."),
        )
    named = hashlib.sha256(f"{call.client.pk}\n{text}".encode()).hexdigest()
    # Keyed, for the body may hold a secret that could be guessed.
    asked = call.request.path.encode() + b"\n" + call.request.body
    digest = salted_hmac("api.idempotency", asked, algorithm="sha256").hexdigest()
    return RequestKey(key=f"api:{named[:56]}", digest=digest)


def run_for(key: RequestKey | None) -> JobRun | None:
    """The run that the key has made already; raises where it stood for something else."""
    run = JobRun.objects.filter(request_key=key.key).first() if key else None
    if run is not None and key is not None and run.request_digest != key.digest:
        raise ApiError(
            _("Esa Idempotency-Key ya se usó para otra cosa."),
            status=422,
            cause=_("El camino o el contenido no son los de entonces."),
            remedy=_("Use una clave nueva, o repita la solicitud igual."),
        )
    return run


@contextmanager
def leading_to_the_first(key: RequestKey | None) -> Iterator[None]:
    """Turn the refusal of the later of two twins into the run of the first: raises Repeated."""
    try:
        yield
    except (IntegrityError, AlreadyRunning):
        run = run_for(key)
        if run is None:
            raise
        raise Repeated(run) from None
