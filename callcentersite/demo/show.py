"""The demo from its first line to its goodbye."""

from __future__ import annotations

import time

from django.db import Error as DatabaseFault
from django.utils.translation import gettext as _

from callcentersite.apps.samples import services as samples
from callcentersite.settings.env import DATA_DIR
from opsconsole import OperationError
from opsconsole.database_errors import explain
from opsconsole.management.base import Refusal, link
from opsconsole.models import JobRun

from . import etl, preparation
from .conditions import HOST, free_port
from .screen import BOLD, Screen
from .services import Service, stop
from .signals import Signals, Stopped
from .web import wait_until_it_answers


class Show:
    """One performance; whatever it started is gone when ``play`` returns."""

    def __init__(self, signals: Signals, *, port: str, serves: bool) -> None:
        self.signals = signals
        self.screen = Screen()
        self.port = port
        self.serves = serves
        self.is_serving = False
        self.is_first = False
        logs = DATA_DIR / "demo"
        server = ["runserver", "--noreload", f"{HOST}:{port}"]
        self.web = Service(_("El servidor web"), server, logs / "web.log")
        self.worker = Service(_("El worker"), ["qcluster"], logs / "worker.log")

    def play(self) -> int:
        """Everything in order, then stop what was started; return the exit status."""
        try:
            return self._acts()
        except (Stopped, KeyboardInterrupt):
            return self._status_when_told()
        except Refusal as refusal:
            # A command answers a signal with a refusal of its own.
            return self._status_when_told() if self.signals.number else self._fail(refusal.error)
        except OperationError as error:
            return self._fail(error)
        except DatabaseFault as error:
            return self._fail(explain(error))
        finally:
            self._end()

    def _acts(self) -> int:
        self.screen.print(self.screen.paint(_("Consola de operaciones · demostración"), BOLD))
        port = free_port(self.port)
        self.screen.print()
        self._prepare()
        self._start(port)
        run = self._run_etl()
        if self.is_first:
            self._furnish()
        if self.serves:
            self._serve(run)
        return 0

    def _prepare(self) -> None:
        """Databases, account and calls, each only where it is missing."""
        with self.screen.step(_("Preparo las bases de datos"), _("Bases de datos preparadas")):
            preparation.migrate()
            preparation.make_account()
            preparation.seed()
        if preparation.calls_there() >= preparation.CALLS:
            self.screen.done(_("Las llamadas de prueba ya estaban; se conservan"), after=0)
            return
        self.is_first = True
        with self.screen.step(
            _("Escribo tres meses de historia"), _("Diez cuentas y tres meses de corridas")
        ):
            preparation.furnish(samples.BEFORE_CALLS)
            self.signals.check()
        with self.screen.step(
            _("Creo las llamadas de prueba"), _("50 000 llamadas de prueba en la base del IVR")
        ):
            preparation.create_calls()
            self.signals.check()

    def _start(self, port: int) -> None:
        """Both services; on return the web server answers."""
        with self.screen.step(
            _("Arranco el servidor web y el worker"), _("Servidor web y worker en marcha")
        ):
            with self.signals.held():
                self.web.start()
                self.worker.start()
            wait_until_it_answers(self.web, port=port, watch=self._watch)

    def _run_etl(self) -> JobRun:
        self.screen.print()
        self.screen.print(_("El ETL, por la cola y en el worker:"))
        run = etl.perform(self.screen, watch=self._watch)
        self.screen.print()
        self.screen.table(etl.figures(run), align=">")
        return run

    def _furnish(self) -> None:
        """What needs the calls: reports, and messages about how runs went."""
        self.screen.print()
        with self.screen.step(_("Hago los reportes y los avisos"), _("Reportes y avisos")):
            preparation.furnish(samples.AFTER_CALLS)

    def _serve(self, run: JobRun) -> None:
        """Say where to go, and stay until told to stop or until a service dies."""
        self.screen.print()
        self.screen.table([
            (_("Página"), f"http://{HOST}:{self.port}/admin/"),
            (_("Cuenta"), preparation.login()),
            (_("Esta corrida"), link(run)),
            (_("Terminar"), "Ctrl-C"),
        ])  # fmt: skip
        self.is_serving = True
        while True:
            self._watch()
            time.sleep(0.5)

    def _watch(self) -> None:
        """Raise when there is no point in going on."""
        self.signals.check()
        self.web.require_alive()
        self.worker.require_alive()

    def _status_when_told(self) -> int:
        """Told to stop while serving is how the demo ends well; before that it was cut short."""
        return 0 if self.is_serving else 128 + self.signals.number

    def _fail(self, error: OperationError) -> int:
        self.screen.error(error)
        return 1

    def _end(self) -> None:
        """Stop the services and say goodbye; silent where nothing was started."""
        self.signals.hold()
        services = [service for service in (self.web, self.worker) if service.process]
        if services:
            stop(services, hurry=lambda: self.signals.again)
            self.screen.print()
            self.screen.print(_("Todo detenido; los datos se conservan. ¡Hasta pronto!"))
