"""Is the web server there for people yet?"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable

from django.utils.translation import gettext as _

from opsconsole import OperationError

from .conditions import HOST
from .services import Service

START_SECONDS = 60.0


def wait_until_it_answers(web: Service, *, port: int, watch: Callable[[], None]) -> None:
    """Until the login page comes; raise OperationError when it does not come at all."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        watch()
        if time.monotonic() > deadline:
            raise OperationError(
                _("El servidor web no responde."),
                cause=web.last_words(),
                remedy=_("Lea %(log)s y repita: make demo") % {"log": web.log},
            )
        time.sleep(0.2)


def answers(port: int) -> bool:
    """Whether the login page comes; asked directly, past any proxy of the environment."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/admin/login/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
