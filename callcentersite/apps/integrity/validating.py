"""One validation as a run: the checks, the file, the lines or the document, the ending."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from opsconsole import RunContext

from . import document, looking, registry, wording
from .document import Asked
from .domain.findings import Finding, Report, Severity
from .looking import OffendersFile, examine


def validate(params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
    """Check, tell; raise IssuesFound where something is as bad as ``fail_on``."""
    fail_on = Severity(params["fail_on"])
    asked = Asked(model=params["model"], fail_on=fail_on, at=timezone.localtime())
    report = look(asked, ctx)
    ctx.figures(**figures_of(report))
    if params["json"]:
        deliver(document.document(report, asked), ctx)
    else:
        for line in wording.lines(report):
            ctx.say(line)
    if report.fails(fail_on):
        raise wording.failure(report)
    return figures_of(report)


def look(asked: Asked, ctx: RunContext) -> Report:
    """Every check about the model; all that they find is left as a file."""
    with OffendersFile() as file:
        findings = tuple(
            examine(check, file=file, pause=ctx.check_cancelled)
            for check in ctx.track(registry.about(asked.model))
        )
        report = Report(findings=findings)
        if report.issues:
            ctx.artifact(looking.FILE_NAME, file.taken(), content_type="text/csv")
    return report


def deliver(text: str, ctx: RunContext) -> None:
    """Printed where there is a terminal, else left with the run."""
    if ctx.terminal is not None:
        ctx.terminal.write(text)
    else:
        ctx.artifact(document.FILE_NAME, text, content_type="application/json")


def figures_of(report: Report) -> dict[str, Any]:
    """For the run's page: the numbers, and each check that found something."""
    return {
        "issues": report.issues,
        "errors": report.of(Severity.ERROR),
        "warnings": report.of(Severity.WARNING),
        "mendable": report.mendable,
        "checked": len(report.findings),
        "found": [stored(one) for one in report.broken],
        "seconds": {one.check: one.seconds for one in report.findings},
    }


def stored(finding: Finding) -> dict[str, Any]:
    """What the run keeps of one."""
    return {
        "check": finding.check,
        "title": wording.title_of(finding.check),
        "severity": finding.severity.value,
        "count": finding.count,
        "mendable": finding.mendable,
        "sample": [
            {"key": one.key, "text": one.text, "sought": one.sought} for one in finding.sample
        ],
    }
