"""Run the checks: count what each finds, keep a few, write all of them to a file."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.escaping import escape

from .domain.findings import Finding, Offender, counted
from .registry import Check

FILE_NAME = "problemas.csv"
PAUSE_EVERY = 1_000
Pause = Callable[[], None]


class OffendersFile:
    """Every offender by its key, a line each; gone at the end unless somebody took it."""

    def __init__(self) -> None:
        self._is_taken = False

    def __enter__(self) -> OffendersFile:
        self._file: Any = tempfile.NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", suffix=".csv", delete=False
        )
        self._writer = csv.writer(self._file)
        self._writer.writerow(
            [_("verificación"), _("gravedad"), _("modelo"), _("clave"), _("qué pasa")]
        )
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()
        if not self._is_taken:
            Path(self._file.name).unlink(missing_ok=True)

    def add(self, check: Check, offender: Offender) -> None:
        """One more."""
        row = (check.name, check.severity, check.model, str(offender.key), offender.text)
        self._writer.writerow([escape(str(cell)) for cell in row])

    def taken(self) -> Path:
        """The whole file, for somebody who moves it away."""
        self._is_taken = True
        self._file.close()
        return Path(self._file.name)


def examine(check: Check, *, file: OffendersFile, pause: Pause) -> Finding:
    """What the check finds; every offender goes into the file."""
    began = time.monotonic()

    def passing() -> Iterator[Offender]:
        for number, offender in enumerate(check.find(), 1):
            file.add(check, offender)
            if number % PAUSE_EVERY == 0:
                pause()
            yield offender

    found = counted(mendable_as(check, passing()), check=check.name, severity=check.severity)
    return replace(found, seconds=round(time.monotonic() - began, 3))


def mendable_as(check: Check, found: Iterable[Offender]) -> Iterator[Offender]:
    """What no mend is known for cannot be mended."""
    for offender in found:
        if check.mend is None and offender.mendable:
            yield replace(offender, mendable=False)
        else:
            yield offender
