"""import-export's Resource: which columns a model has in a file, and how its rows leave.

They come back through ``importing``: the library saves row by row, which for a hundred thousand
of them takes minutes. ``import_data`` leads there, so that a Resource does what its users expect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import tablib
from django.db import transaction
from import_export import resources, widgets

from .flags import boolean_text, flag_text
from .formats import Sheet, as_texts
from .importing import Importer, go_through
from .outcome import Outcome


class StrictBoolean(widgets.BooleanWidget):  # type: ignore[misc]
    """Yes or no in words; the library's own takes any other word for no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return boolean_text(str(value)) == "true"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return flag_text(value)


class InterchangeResource(resources.ModelResource):  # type: ignore[misc]
    """A resource for these pages; ``importer`` knows the way back."""

    importer: ClassVar[type[Importer]]

    class Meta:
        abstract = True

    def import_data(
        self, dataset: tablib.Dataset, dry_run: bool = False, *, by: Any = None, **kwargs: Any
    ) -> Outcome:
        """All of the rows or, where one is refused, none; ``by`` as for an Importer."""
        importer = self.importer(by=by, writing=not dry_run)
        with transaction.atomic():
            outcome = go_through(sheet_of(dataset), importer)
            if dry_run or outcome.error_count:
                transaction.set_rollback(True)
        return outcome


def sheet_of(dataset: tablib.Dataset) -> Sheet:
    """A dataset as a file that has been read."""

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(dataset, 2):
            yield number, as_texts(row)

    return Sheet(list(dataset.headers), rows())
