"""Every refused row of a file, as a CSV to download."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .escaping import escape
from .outcome import RowError


class ErrorFile:
    """A temporary file that grows by a line per error; gone at the end unless somebody took it."""

    def __init__(self) -> None:
        self.count = 0
        self._is_taken = False

    def __enter__(self) -> ErrorFile:
        self._file: Any = tempfile.NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", suffix=".csv", delete=False
        )
        self._writer = csv.writer(self._file)
        self._writer.writerow([_("fila"), _("error")])
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()
        if not self._is_taken:
            Path(self._file.name).unlink(missing_ok=True)

    def add(self, error: RowError) -> None:
        """One more."""
        self.count += 1
        self._writer.writerow([error.number, escape(error.text)])

    def taken(self) -> Path:
        """The whole file, for somebody who moves it away."""
        self._is_taken = True
        self._file.close()
        return Path(self._file.name)
