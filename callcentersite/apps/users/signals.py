"""What happens to requests for rights, for whoever listens: they tell ``solicitud``.

``requested``: it waits for a second person. ``decided``: it was approved, rejected or withdrawn.
``requested_many`` stands for many requests of one person at once, and tells the first of them and
their ``count``. All are sent when it is written for good; a listener that fails is logged and holds
up nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from .models_solicitudes import SolicitudAsignacion

logger = logging.getLogger(__name__)
MOST_ONE_BY_ONE = 20
requested = Signal()
requested_many = Signal()
decided = Signal()


def tell(signal: Signal, solicitud: SolicitudAsignacion) -> None:
    """Send it when the transaction is over, with the request as it is then."""
    transaction.on_commit(lambda: send(signal, solicitud.pk))


def tell_many(pks: Sequence[int]) -> None:
    """Of requests that were made together: of each, or of very many in one notice."""
    if len(pks) > MOST_ONE_BY_ONE:
        transaction.on_commit(partial(send, requested_many, pks[0], count=len(pks)))
        return
    for pk in pks:
        transaction.on_commit(partial(send, requested, pk))


def send(signal: Signal, pk: int, **said: Any) -> None:
    """To every listener, whatever the others do."""
    rows = SolicitudAsignacion.objects.select_related(
        "usuario", "grupo", "capacidad", "solicitada_por", "decidida_por"
    )
    solicitud = rows.filter(pk=pk).first()
    if solicitud is None:
        return
    told = signal.send_robust(sender=SolicitudAsignacion, solicitud=solicitud, **said)
    for _listener, answer in told:
        if isinstance(answer, Exception):
            logger.error("a listener failed: %s", type(answer).__name__, exc_info=answer)
