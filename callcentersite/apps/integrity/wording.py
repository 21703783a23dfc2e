"""What was found, in the guide's form and in the three lines of an error."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import OperationError

from . import registry
from .domain.findings import Finding, Report, Severity


class IssuesFound(OperationError):
    """The data break a promise; the run ends as failed, so that whoever waits for it knows."""


def lines(report: Report) -> Iterator[str]:
    """``Se encontraron 3 problemas``, then a line each; of many the first, and how many more."""
    if not report.issues:
        yield _("No se encontraron problemas")
        return
    yield headline(report.issues)
    for finding in report.broken:
        yield from (f"  - {one.text}" for one in finding.sample)
        if finding.count > len(finding.sample):
            yield f"  - {more(finding)}"


def headline(issues: int) -> str:
    """The guide's first line."""
    text = ngettext("Se encontró %(count)s problema", "Se encontraron %(count)s problemas", issues)
    return text % {"count": issues}


def more(finding: Finding) -> str:
    """What the sample leaves out."""
    left = finding.count - len(finding.sample)
    return ngettext("… y %(count)s más: %(title)s", "… y %(count)s más: %(title)s", left) % {
        "count": left,
        "title": title_of(finding.check),
    }


def title_of(name: str) -> str:
    """The check's, or its bare name where its app is gone."""
    check = registry.find(name)
    return str(check.title) if check else name


def failure(report: Report) -> IssuesFound:
    """The ending of a run that found something bad enough."""
    errors, warnings = report.of(Severity.ERROR), report.of(Severity.WARNING)
    parts = [
        ngettext("%(count)s error", "%(count)s errores", errors) % {"count": errors},
        ngettext("%(count)s advertencia", "%(count)s advertencias", warnings) % {"count": warnings},
    ]
    titles = ", ".join(title_of(one.check) for one in report.broken)
    return IssuesFound(
        headline(report.issues),
        cause=_("%(errors)s, %(warnings)s: %(titles)s.")
        % {"errors": parts[0], "warnings": parts[1], "titles": titles},
        remedy=remedy(report),
    )


def remedy(report: Report) -> str:
    """What can be done about it."""
    if not report.mendable:
        return _("Vea en la página de la corrida qué hacer con cada uno.")
    text = ngettext(
        "%(count)s se repara tras confirmar su plan: con el botón de la corrida, o con --fix. Los "
        "demás, como dice cada uno.",
        "%(count)s se reparan tras confirmar su plan: con el botón de la corrida, o con --fix. Los "
        "demás, como dice cada uno.",
        report.mendable,
    )
    return text % {"count": report.mendable}
