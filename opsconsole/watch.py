"""What each worker process watches besides its task: lost runs, its cluster's stop, its parent."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error, connections
from django_q.conf import Conf
from django_q.status import Stat

from .conf import setting
from .database_errors import first_line

logger = logging.getLogger(__name__)


def start(**kwargs: Any) -> None:
    """In a new worker: tick every few seconds, so that no dead worker goes unnoticed for long.

    The threads tick whether the queue is full or empty; a scheduled task would wait behind the
    very runs that it should look after.
    """
    threading.Thread(target=_tick_forever, name="watch", daemon=True).start()


def _tick_forever() -> None:
    answered = True
    while True:
        time.sleep(setting("TICK_SECONDS"))
        answered = look(after_outage=not answered)
        connections.close_all()


def look(*, after_outage: bool) -> bool:
    """Tick once; False: the database did not answer. Nothing that goes wrong ends the watch.

    After an outage every run has been silent, because none could write: they get until the next
    look to give a sign.
    """
    from .canary import release
    from .ticking import tick

    try:
        tick(bury_silent=not after_outage, launch=True)
        release()
    except Error as error:
        logger.warning("tick: %s", first_line(str(error)))
        return False
    except Exception:
        logger.exception("tick")
    return True


def must_stop() -> Callable[[], bool]:
    """A question for each beat: was this worker's cluster told to stop, or is it gone?"""
    sentinel = os.getppid()

    def told() -> bool:
        return os.getppid() != sentinel or is_stopping(sentinel)

    return told


def is_stopping(sentinel: int) -> bool:
    """Whether the cluster of that sentinel, on this host, says that it is stopping.

    In containers the sentinels of different hosts often have one and the same number.
    """
    host = socket.gethostname()
    return any(
        (stat.host, stat.sentinel) == (host, sentinel)
        and stat.status in (Conf.STOPPING, Conf.STOPPED)
        for stat in Stat.get_all()
    )
