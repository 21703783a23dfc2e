"""What import-export's Resource needs to be strict, and to say its differences in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.resources import Diff
from import_export.results import Result, RowResult

from .limits import UnreadableFile

YES = frozenset({"true", "si", "sí", "yes", "1", "verdadero"})
NO = frozenset({"false", "no", "0", "falso"})


@dataclass(frozen=True, slots=True)
class Step:
    """A field that changes: what it says now, what it would say."""

    column: str
    old: str
    new: str


class StrictBoolean(widgets.BooleanWidget):  # type: ignore[misc]
    """Yes or no in words; the library's own takes any other word for no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = str(value).strip().casefold()
        if word not in YES | NO:
            raise ValueError(_("«%(value)s» no es true ni false.") % {"value": value})
        return word in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "true" if value else "false"


class StepDiff(Diff):  # type: ignore[misc]
    """The differences as values, for a template; the library's are markup with inline styles."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        super().__init__(resource, instance, new)
        self.columns = resource.get_diff_headers()

    def as_html(self) -> tuple[Step, ...]:
        """What the library asks for under this name."""
        pairs = zip(self.columns, self.left, self.right, strict=True)
        return tuple(
            Step(column, "" if self.new else str(old), str(new))
            for column, old, new in pairs
            if old != new or self.new
        )


class InterchangeResource(resources.ModelResource):  # type: ignore[misc]
    """A resource for these pages: all or nothing, changed rows only, checked by the model."""

    class Meta:
        abstract = True
        skip_unchanged = True
        clean_model_instances = True
        use_transactions = True

    def get_diff_class(self) -> type[Diff]:
        return StepDiff

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Refuse headings that mean nothing here, and a key that comes twice."""
        known = self.get_diff_headers()
        unknown = [name for name in dataset.headers if name not in known]
        keys = [self.fields[name].column_name for name in self.get_import_id_fields()]
        missing = [name for name in keys if name not in dataset.headers]
        if unknown or missing:
            raise UnreadableFile(wrong_columns(unknown, missing, known))
        for number, key in twice(dataset, keys):
            raise UnreadableFile(
                _("Fila %(number)s: %(key)s ya está en otra fila del archivo.")
                % {"number": number, "key": ", ".join(key)}
            )


def wrong_columns(unknown: list[str], missing: list[str], known: list[str]) -> str:
    """What is wrong with the headings."""
    if missing:
        return _("Falta la columna %(names)s.") % {"names": ", ".join(missing)}
    return _("Columnas desconocidas: %(names)s. Las que hay: %(known)s.") % {
        "names": ", ".join(unknown),
        "known": ", ".join(known),
    }


def twice(dataset: tablib.Dataset, keys: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows whose key has come before."""
    places = [dataset.headers.index(key) for key in keys]
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(dataset, 2):
        key = tuple(row[place] for place in places)
        if key in seen:
            yield number, key
        seen.add(key)


__all__ = ["InterchangeResource", "Result", "RowResult", "Step", "StrictBoolean"]
