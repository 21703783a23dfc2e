"""The plan in sentences: the guide's for the terminal, fuller ones for the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole.limits import is_large

from .targets import ANONYMISE

if TYPE_CHECKING:
    from .planning import Found


def spoken(found: list[Found]) -> Iterator[str]:
    """The guide's lines, as they stand there."""
    deleted, blanked = totals(found)
    yield _("Aplicando politicas de retencion...")
    for one in found:
        text = _("%(name)s: %(rows)s registros > %(days)s dias")
        yield "[INFO] " + text % {"name": one.policy.name, "rows": one.rows, "days": one.days}
        if one.archived:
            text = _("%(name)s: de ellos, %(rows)s en archivos")
            yield "[INFO] " + text % {"name": one.policy.name, "rows": one.archived}
    yield _("Total a eliminar: %(rows)s registros") % {"rows": deleted}
    if blanked:
        yield _("Total a anonimizar: %(rows)s registros") % {"rows": blanked}
    if is_large(deleted + blanked):
        yield _("WARNING: Large deletion detected (> 10000 rows)")
        yield _("CAUSA: Retention no ejecutada por mucho tiempo")
        yield _("SOLUCION: Ejecutar en horario de bajo trafico")


def totals(found: list[Found]) -> tuple[int, int]:
    """Rows to be deleted, and rows to be made anonymous."""
    blanked = sum(one.rows for one in found if one.policy.action == ANONYMISE)
    return sum(one.rows for one in found) - blanked, blanked


def summary(found: list[Found]) -> str:
    """What would happen, in one sentence for each kind of it."""
    deleted = [one for one in found if one.policy.action != ANONYMISE and one.rows]
    blanked = [one for one in found if one.policy.action == ANONYMISE and one.rows]
    sentences = [sentence(deleted, blank=False), sentence(blanked, blank=True)]
    text = " ".join(filter(None, sentences))
    return text or _("Nada ha cumplido su plazo.")


def sentence(found: list[Found], *, blank: bool) -> str:
    """One of the two."""
    if not found:
        return ""
    rows, tables = sum(one.rows for one in found), len({one.policy.target for one in found})
    verb = (
        ngettext("Se anonimizará %(rows)s registro", "Se anonimizarán %(rows)s registros", rows)
        if blank
        else ngettext("Se eliminará %(rows)s registro", "Se eliminarán %(rows)s registros", rows)
    ) % {"rows": grouped(rows)}
    where = ngettext("de %(count)s tabla", "de %(count)s tablas", tables) % {"count": tables}
    return f"{verb} {where}{with_files(sum(one.files for one in found))}."


def with_files(count: int) -> str:
    """The files that go along."""
    if not count:
        return ""
    return ngettext(" y %(count)s archivo", " y %(count)s archivos", count) % {
        "count": grouped(count)
    }


def grouped(number: int) -> str:
    """12 880, as the active language groups it."""
    return number_format(number, force_grouping=True) if number >= 10_000 else str(number)


def terms(one: Found) -> str:
    """``más de 30 días; se archivan``."""
    policy, target = one.policy, one.selection.target
    texts = [ngettext("más de %(days)s día", "más de %(days)s días", one.days) % {"days": one.days}]
    if policy.condition:
        texts.append(str(target.conditions[policy.condition].title))
    if policy.action == ANONYMISE:
        texts.append(_("se anonimizan"))
    elif policy.archive:
        texts.append(_("se archivan"))
    return "; ".join(texts)


def warnings(found: list[Found]) -> Iterator[str]:
    """What a reader should look at."""
    for one in found:
        for path in one.damaged:
            text = _("%(name)s: el archivo %(path)s falta o está dañado, y no se anonimiza.")
            yield text % {"name": one.policy.name, "path": path}
        if one.is_unusual:
            yield unusual(one)
        if one.share >= 80 and one.rows:
            yield _(
                "%(name)s: se iría el %(share)s %% de la tabla. Revise el plazo y el reloj."
            ) % {"name": one.policy.name, "share": one.share}


def unusual(one: Found) -> str:
    """What is usual, and that this is not."""
    known = one.usual
    if known is None:
        return ""
    return _(
        "%(name)s: %(rows)s filas, muy por encima de lo habitual; las últimas corridas eliminaron "
        "entre %(least)s y %(most)s."
    ) % {
        "name": one.policy.name,
        "rows": grouped(one.rows),
        "least": grouped(known.least),
        "most": grouped(known.most),
    }


def button(found: list[Found]) -> str:
    """The consequence, in numbers."""
    rows = sum(one.rows for one in found)
    actions = {one.policy.action for one in found if one.rows}
    if actions == {ANONYMISE}:
        text = ngettext("Anonimizar %(rows)s registro", "Anonimizar %(rows)s registros", rows)
    elif len(actions) > 1:
        text = ngettext("Tratar %(rows)s registro", "Tratar %(rows)s registros", rows)
    else:
        text = ngettext("Eliminar %(rows)s registro", "Eliminar %(rows)s registros", rows)
    return text % {"rows": grouped(rows)}


def promise(found: list[Found], *, now: datetime) -> str:
    """What confirming means."""
    at = date_format(timezone.localtime(now), "H:i")
    return _(
        "Se trata exactamente lo mostrado. Si alguna fila cambió desde las %(at)s, no se toca nada "
        "y verá la diferencia. Una transacción por tabla."
    ) % {"at": at}
