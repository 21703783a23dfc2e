"""Settings that come in a file: checked as ``save()`` checks, written and told together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.core.exceptions import ValidationError

from callcentersite.apps.common import bulk
from callcentersite.apps.common.acting import current
from callcentersite.apps.common.interchange.flags import bring_to_form
from callcentersite.apps.common.interchange.importing import Change, Importer, Key, Known, Values
from callcentersite.apps.common.interchange.texts import TextCheck, problems_of, told

from . import recording
from .models import Configuracion

COLUMNS = (
    "clave",
    "categoria",
    "valor",
    "tipo_dato",
    "unidad",
    "valor_default",
    "descripcion",
    "activa",
)
TEXTS = COLUMNS[:-1]
STAMPS = ("updated_by", "updated_at")


class ConfiguracionImporter(Importer):
    """Forty of them as a rule; a hundred thousand in seconds."""

    columns = COLUMNS
    keys = ("clave",)
    defaults = {"activa": "true"}
    row = Configuracion()  # one that each is tried on: making them takes longer than checking
    checks = tuple(TextCheck.of(Configuracion, column) for column in TEXTS)

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        claves = bulk.values([clave for (clave,) in keys])
        rows = Configuracion.objects.filter(clave__in=claves)
        if self.writing:
            rows = rows.select_for_update()
        return {
            (clave,): Known(pk, dict(zip(TEXTS, (clave, *texts), strict=True)) | said(activa))
            for pk, clave, *texts, activa in rows.order_by().values_list("pk", *COLUMNS)
        }

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        yield from bring_to_form(values, ("activa",))
        yield from problems_of(self.checks, values)
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
        stamps = (current().person[:150], self.now)
        bulk.insert(
            Configuracion,
            (*COLUMNS, *STAMPS),
            ((*stored(one.values), *stamps) for one in changes if one.before is None),
        )
        bulk.update(
            Configuracion,
            (*COLUMNS, *STAMPS),
            ((one.before.pk, *stored(one.values), *stamps) for one in changes if one.before),
        )
        recording.write_down_many(
            [(one.before and one.before.values, one.values) for one in changes], at=self.now
        )


def said(activa: bool) -> Values:
    """The flag as an export writes it."""
    return {"activa": "true" if activa else "false"}


def stored(values: Values) -> tuple[object, ...]:
    """The row's columns as the table has them."""
    return (*(values[name] for name in TEXTS), values["activa"] == "true")
