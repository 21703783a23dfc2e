"""Importar llamadas: a file of calls through the rules and the quarantine of the ETL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.common.interchange.background import (
    readable,
    refuse_another,
    upload_for,
)
from opsconsole import Effect, Figure, Link, Operation, Phase
from opsconsole.states import Status

from ..files.forms import LayoutField, zones
from ..files.loading import import_file

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun


class ImportCalls(Operation):
    """Read whole before the first row is loaded; then by chunks, each of them whole."""

    name = "import_calls"
    title = _("Importar llamadas")
    description = _(
        "Carga llamadas de un archivo CSV, XLSX o Parquet con las reglas y la cuarentena del ETL. "
        "Hasta dónde se ha leído el IVR no cambia."
    )
    section = _("Datos")
    effect = Effect.WRITES
    exclusive = True
    resumable = True
    timeout_seconds = 2 * 3600
    begins_at = "calls_import"
    unit = _("llamadas")
    phases = (
        Phase("extract", _("Lectura")),
        Phase("transform", _("Reglas")),
        Phase("load", _("Carga")),
    )
    figures = (
        Figure("read", _("Leídas"), hint=_("filas del archivo")),
        Figure("inserted", _("Nuevas")),
        Figure("updated", _("Cambiadas")),
        Figure("unchanged", _("Sin cambio"), hint=_("no se escriben")),
        Figure("rejected", _("Rechazadas"), hint=_("con motivos, en errores.csv")),
    )

    class Params(forms.Form):
        """A file, and how it is to be read."""

        upload = forms.RegexField(
            uploads.ID,
            label=_("Archivo subido"),
            help_text=_("Su número; lo pone la página «Importar», o el comando con su archivo."),
        )
        columns = LayoutField(
            label=_("Columnas"),
            required=False,
            help_text=_(
                "Qué encabezado es cada columna: «call_id=Llamada, started_at=Inicio». Vacío: por "
                "los nombres de los encabezados."
            ),
        )
        zone = forms.ChoiceField(
            label=_("Zona horaria"),
            choices=zones,
            initial=lambda: settings.TIME_ZONE,
            help_text=_("De las horas que no traen su desplazamiento; las demás lo dicen ellas."),
        )
        dry_run = forms.BooleanField(
            label=_("Solo revisar"),
            required=False,
            help_text=_("Cuenta nuevas, cambiadas, sin cambio y rechazadas, y no escribe nada."),
        )

    def typed(self, values: Mapping[str, Any]) -> tuple[Sequence[str], Mapping[str, Any]]:
        """With a file of one's own: the number of an upload says nothing there."""
        return uploads.typed(values, "import_calls", file="llamadas.csv")

    def require(self, params: dict[str, Any], *, user: Any) -> None:
        """Refuse to repeat what has no file any more."""
        upload_for(params["upload"], model=self.model_label())

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Load what the rules accept; what they refuse, to the quarantine."""
        upload = upload_for(params["upload"], model=self.model_label())
        refuse_another(upload, ctx)
        ctx.info(
            gettext("Archivo: %(name)s, %(size)s bytes, SHA-256 %(sha)s…")
            % {"name": upload.name, "size": upload.size_bytes, "sha": upload.sha256[:12]}
        )
        with readable():
            result = import_file(
                upload,
                chosen=json.loads(params["columns"] or "{}"),
                zone=params["zone"],
                dry_run=params["dry_run"],
                ctx=ctx,
            )
        if not params["dry_run"]:
            upload.remove()
        return result

    def if_cancelled(self, run: JobRun) -> str:
        """What stays, and what importing it again does."""
        return gettext(
            "Lo cargado hasta ahora se conserva, por lotes completos. Importar el archivo otra vez "
            "carga lo que falta y no duplica nada."
        )

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """After a trial to the page where the same file can be imported."""
        upload = uploads.find(str(run.params.get("upload", "")))
        if run.status == Status.SUCCEEDED and upload and upload.sender == str(user.pk):
            address = f"{reverse('calls_import')}?upload={upload.id}"
            yield Link(title=gettext("Importar este archivo"), url=address)

    @classmethod
    def model_label(cls) -> str:
        """What its uploads are for."""
        return "analytics.call"
