"""Settings that come in a file: checked as ``save()`` checks, written and told together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from callcentersite.apps.audit.services import Action
from callcentersite.apps.common.acting import current
from callcentersite.apps.common.interchange.deeds import Deed
from callcentersite.apps.common.interchange.importing import Change, Known, Values
from callcentersite.apps.common.interchange.rows import RowImporter
from callcentersite.apps.common.interchange.texts import told

from . import recording
from .models import Configuracion


class ConfiguracionImporter(RowImporter):
    """Forty of them as a rule; a hundred thousand in seconds."""

    model = Configuracion
    columns = (
        "clave",
        "categoria",
        "valor",
        "tipo_dato",
        "unidad",
        "valor_default",
        "descripcion",
        "activa",
    )
    keys = ("clave",)
    flags = ("activa",)
    stamps = ("updated_by", "updated_at")
    defaults = {"activa": "true"}
    row = Configuracion()  # one that each is tried on: making them takes longer than checking

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        """As ``full_clean`` says it; the values come to the form in which they are stored."""
        yield from super().problems(values, before)
        row = self.row
        row.__dict__.update(values)
        try:
            row.clean()
        except ValidationError as error:
            for column, errors in error.error_dict.items():
                yield from told(column, ValidationError(errors))
        values["valor"], values["valor_default"] = row.valor, row.valor_default

    def write(self, changes: Sequence[Change]) -> None:
        """The settings, and a row of history for each of them."""
        super().write(changes)
        pairs = [(one.before.values if one.before else None, one.values) for one in changes]
        recording.write_down_many(pairs, at=self.now)

    def deeds(self, change: Change) -> Iterator[Deed]:
        """As ``recording`` tells of one that was saved."""
        before = change.before.values if change.before else None
        said = recording.imported(before, change.values)
        target = recording.target_of(change.values["clave"])
        yield Deed(Action.SETTING_CHANGED, target, recording.audited(*said))

    def stamped(self) -> tuple[Any, ...]:
        return current().person[:150], self.now
