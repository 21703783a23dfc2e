"""What must hold before the demo touches anything."""

import errno
import os
import socket

from django.utils.translation import gettext as _

from opsconsole import OperationError

SETTINGS = "callcentersite.settings.development"
HOST = "127.0.0.1"  # the account is admin/admin: nobody else's business

# Said before the settings are read, and so before there are translations.
WRONG_SETTINGS = """\
ERROR: La demostración no se ejecuta con {settings}.
CAUSA: Crea la cuenta admin/admin y datos de prueba; eso es solo para desarrollo.
SOLUCION: Quite DJANGO_SETTINGS_MODULE del entorno y repita: make demo"""


def use_development_settings() -> None:
    """Choose them; end the process when others are asked for."""
    chosen = os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if chosen != SETTINGS:
        raise SystemExit(WRONG_SETTINGS.format(settings=chosen))


def free_port(text: str) -> int:
    """The port that ``PORT`` asks for; raise OperationError where nobody could listen there."""
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise refusal(text, cause=_("PORT debe ser un número de 1 a 65535."))
    port = int(text)
    with socket.socket() as probe:
        # As the server will: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise refusal(text, cause=explanation(error)) from error
    return port


def explanation(error: OSError) -> str:
    """Why the port cannot be had."""
    if error.errno == errno.EADDRINUSE:
        return _("Otro programa ya escucha en él; quizá otra demostración.")
    if error.errno == errno.EACCES:
        return _("Los puertos menores que 1024 son del administrador del equipo.")
    return str(error.strerror)


def refusal(port: str, *, cause: str) -> OperationError:
    """The three lines about the port."""
    other = 8001 if port != "8001" else 8002
    return OperationError(
        _("El puerto %(port)s no se puede usar.") % {"port": port},
        cause=cause,
        remedy=_("Elija otro: make demo PORT=%(other)s") % {"other": other},
    )
