"""From the calls to a file, in constant memory: counted, written chunk by chunk, handed over."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.common.interchange.limits import grouped
from callcentersite.apps.configuration.services import get_int
from opsconsole.exceptions import OverLimit

from .cells import Row, discreet
from .writers import WRITERS, CallWriter

if TYPE_CHECKING:
    from opsconsole import RunContext

CHUNK_ROWS = 5_000
MAX_ROWS = "reportes.max_report_rows"


def counted(calls: QuerySet[Call], *, kind: str) -> int:
    """How many calls there are; raises OverLimit for more than a file may have."""
    most = min(get_int(MAX_ROWS), WRITERS[kind].most_rows or get_int(MAX_ROWS))
    count = calls.order_by()[: most + 1].count()
    if count > most:
        raise OverLimit(
            _("Pasan de %(most)s llamadas: no se exportó nada.") % {"most": grouped(most)},
            cause=_("Es el máximo de filas de un archivo (%(key)s).") % {"key": MAX_ROWS},
            remedy=_("Pida menos días o una sola cola, o pida que se suba el máximo."),
        )
    return count


def write_calls(
    calls: QuerySet[Call],
    columns: Sequence[str],
    *,
    kind: str,
    full_numbers: bool,
    total: int,
    ctx: RunContext,
) -> tuple[Path, int]:
    """A temporary file with the calls, for somebody who moves it away, and how many they are."""
    found: Any = calls.values_list(*columns).iterator(chunk_size=CHUNK_ROWS)
    rows: Iterator[Row] = found if full_numbers else discreet(found, columns)
    ctx.progress(0, total=total)
    with opened_writer(kind, columns) as writer:
        done = 0
        while chunk := list(islice(rows, CHUNK_ROWS)):
            writer.write(chunk)
            done += len(chunk)
            ctx.progress(done, total=max(total, done))
            ctx.check_cancelled()
    return writer.path, done


@contextmanager
def opened_writer(kind: str, columns: Sequence[str]) -> Iterator[CallWriter]:
    """A writer whose file stays if the block ends well, and is gone otherwise."""
    with tempfile.NamedTemporaryFile(prefix="calls-", suffix=f".{kind}", delete=False) as file:
        path = Path(file.name)
    writer = None
    try:
        writer = WRITERS[kind](path, columns)
        yield writer
        writer.close()
    except BaseException:
        if writer is not None:
            writer.abandon()
        path.unlink(missing_ok=True)
        raise
