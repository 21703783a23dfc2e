"""Recommendations in whole sentences, for the page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.findings import Kind
from ..domain.report import Finding

TITLES: dict[Kind, Callable[[], str]] = {
    Kind.N_PLUS_ONE: lambda: _("Consulta repetida por cada fila (N+1)"),
    Kind.DUPLICATE: lambda: _("La misma consulta, más de una vez"),
    Kind.MISSING_INDEX: lambda: _("Falta un índice"),
    Kind.SLOW_QUERY: lambda: _("Consulta lenta"),
    Kind.CACHE: lambda: _("Candidata a caché"),
    Kind.SERIALIZATION: lambda: _("Serialización cara"),
    Kind.UNUSED_ROWS: lambda: _("Filas que nadie mira"),
}


def title(found: Finding) -> str:
    """What it is."""
    return TITLES[Kind(found.kind)]()


def advice(found: Finding) -> str:
    """What was seen, and what to do about it."""
    return ADVICE[Kind(found.kind)](found)


def n_plus_one(found: Finding) -> str:
    seen = ngettext(
        "Se ejecutó %(count)s vez por iteración.",
        "Se ejecutó %(count)s veces por iteración, cada vez por otra fila.",
        found.count,
    ) % {"count": number(found.count)}
    if not found.fix:
        return seen + " " + _("Pida todas las filas en una sola consulta.")
    return seen + " " + _("Use %(fix)s.") % {"fix": f'{found.fix}("{found.relation}")'}


def duplicate(found: Finding) -> str:
    return _(
        "Se ejecutó %(count)s veces por iteración con solo %(distinct)s valores distintos. "
        "Pregunte una vez y guarde la respuesta."
    ) % {"count": number(found.count), "distinct": number(found.distinct)}


def missing_index(found: Finding) -> str:
    return _(
        "La tabla %(table)s, de unas %(rows)s filas, se lee entera para encontrar una parte. "
        "Añada un índice sobre las columnas del filtro."
    ) % {"table": found.table, "rows": number(found.rows)}


def slow_query(found: Finding) -> str:
    return _("Tarda %(ms)s ms cada vez.") % {"ms": milliseconds(found.ms)}


def cache(found: Finding) -> str:
    return _(
        "%(function)s toma el %(share)s del tiempo y se llama %(count)s veces por iteración con "
        "%(distinct)s argumentos distintos. Guarde su resultado."
    ) % {
        "function": found.function,
        "share": percent(found.share),
        "count": number(found.count),
        "distinct": number(found.distinct),
    }


def serialization(found: Finding) -> str:
    return _(
        "Convertir objetos a JSON toma el %(share)s del tiempo (%(ms)s ms). Devuelva menos, o por "
        "páginas."
    ) % {"share": percent(found.share), "ms": milliseconds(found.ms)}


def unused_rows(found: Finding) -> str:
    return _(
        "Se trajeron %(rows)s objetos %(table)s y se miraron %(used)s. Cuente o filtre en la base "
        "de datos, o pida solo los que se usan."
    ) % {"rows": number(found.rows), "table": found.table, "used": number(found.used)}


ADVICE: dict[Kind, Callable[[Finding], str]] = {
    Kind.N_PLUS_ONE: n_plus_one,
    Kind.DUPLICATE: duplicate,
    Kind.MISSING_INDEX: missing_index,
    Kind.SLOW_QUERY: slow_query,
    Kind.CACHE: cache,
    Kind.SERIALIZATION: serialization,
    Kind.UNUSED_ROWS: unused_rows,
}


# Numbers


def number(value: float) -> str:
    """1 234, or 2,5."""
    whole = float(value).is_integer()
    return number_format(value, decimal_pos=0 if whole else 1, force_grouping=True)


def milliseconds(value: float) -> str:
    """Always with one decimal, so that columns align."""
    return number_format(round(value, 1), decimal_pos=1, force_grouping=True)


def percent(share: float) -> str:
    """0.452 → 45,2 %."""
    return f"{number_format(round(100 * share, 1), decimal_pos=1)} %"
