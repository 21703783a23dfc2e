"""The report as JSON; its form is docs/schemas/validate_data_integrity-1.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import registry
from .domain.findings import Finding, Offender, Report, Severity

VERSION = 1
FILE_NAME = "validacion.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked, and when."""

    model: str
    fail_on: Severity
    at: datetime


def document(report: Report, asked: Asked) -> str:
    """The whole of it; keys are only ever added within a version."""
    return json.dumps(content(report, asked), indent=2, ensure_ascii=False)


def content(report: Report, asked: Asked) -> dict[str, Any]:
    """The same before it is text."""
    return {
        "version": VERSION,
        "checked_at": asked.at.isoformat(timespec="seconds"),
        "model": asked.model or None,
        "fail_on": asked.fail_on.value,
        "passed": not report.fails(asked.fail_on),
        "issues": report.issues,
        "errors": report.of(Severity.ERROR),
        "warnings": report.of(Severity.WARNING),
        "mendable": report.mendable,
        "checks": [check_content(one) for one in report.findings],
    }


def check_content(finding: Finding) -> dict[str, Any]:
    """One check: what it is, and what it found."""
    check = registry.find(finding.check)
    about = registry.described(check) if check else {"name": finding.check}
    return about | {
        "severity": finding.severity.value,
        "issues": finding.count,
        "mendable": finding.mendable,
        "seconds": finding.seconds,
        "sample": [offender_content(one) for one in finding.sample],
    }


def offender_content(offender: Offender) -> dict[str, Any]:
    """One row."""
    return {"key": offender.key, "text": offender.text}
