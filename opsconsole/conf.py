"""The engine's settings, with their defaults: ``settings.OPSCONSOLE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import router
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from .models import Level

DEFAULTS: dict[str, Any] = {
    # Between two beats of the recorder: log, progress and heartbeat out, cancel in.
    "BEAT_SECONDS": 0.5,
    # A running run without heartbeat for so long has lost its worker.
    "LOST_AFTER_SECONDS": 30.0,
    # A queued run that nobody claimed for so long gets another bell.
    "RING_AGAIN_SECONDS": 60.0,
    # How often each worker looks for lost and forgotten runs.
    "TICK_SECONDS": 10.0,
    # How often a resumable run may lose its worker before it is failed.
    "MAX_DEATHS": 3,
    # How often something is sent through the queue just to see whether it comes out at a worker.
    "CANARY_SECONDS": 60.0,
    # None came out for so long: nothing is taken off the queue, however alive the workers look.
    "CANARY_LATE_SECONDS": 100.0,
    "MAX_LOG_LINES": 100_000,
    "MAX_LINE_CHARACTERS": 4_000,
    "MAX_SELECTION": 1_000,
    # Lines below this level are shown on the terminal but not stored on the run. A level, or a
    # function of the site that returns one, itself or by its dotted path; asked at every beat.
    "LEAST_LEVEL": "DEBUG",
    # Whether run pages show tracebacks, to whom may see them (opsconsole.view_traceback). Yes or
    # no, or a function of the site that says which, itself or by its dotted path; asked at each.
    "SHOW_TRACEBACKS": True,
    "SITE_URL": "",
    # How late a programme may begin before its run counts as missed.
    "MISSED_AFTER_SECONDS": 300.0,
    # How long a run waits for a second person before it expires.
    "APPROVAL_HOURS": 72,
    # How long a plan that is kept can be confirmed.
    "PLAN_MINUTES": 60,
    # Dotted path of a function: capability that an operation declares → whether each run of it
    # waits for a second person. Empty: only operations with requires_approval do.
    "APPROVAL_RULE": "",
    # Dotted path of a function: run, person → links (opsconsole.Link) that the page of any run that
    # has ended offers her, after those of its operation.
    "RUN_LINKS": "",
    # Dotted path of a function: permission → rows of opsconsole.access.Access, where the site has
    # rights of its own. Empty: Django's permissions are all there is.
    "EXPLAIN_ACCESS": "",
    # Verbs that the site adds to ``manage.py console``: word → dotted path of a class like
    # opsconsole.management.verbs.SiteVerb.
    "VERBS": {},
    # What else is masked in logs and results: pairs of a sign and a regular expression with two
    # groups, which stay; or the dotted path of such a list. It is tried only where the sign stands
    # in the text; those without a sign are of phone numbers, and tried where nine digits stand
    # together.
    "MASK_PATTERNS": (),
}


def setting(name: str) -> Any:
    """The site's value, else the default."""
    return getattr(settings, "OPSCONSOLE", {}).get(name, DEFAULTS[name])


def least_level() -> Level:
    """The least level that is stored on runs, as the site has it now."""
    from .models import Level

    return Level(answer("LEAST_LEVEL"))


def shows_tracebacks() -> bool:
    """Whether tracebacks are shown at all, as the site has it now."""
    return answer("SHOW_TRACEBACKS") is True


def answer(name: str) -> Any:
    """What a setting says that may be a value, a function, or the dotted path of one."""
    value = setting(name)
    if isinstance(value, str) and "." in value:
        value = import_string(value)
    return value() if callable(value) else value


def ops_alias() -> str:
    """The database alias that holds the runs."""
    from .models import JobRun

    return router.db_for_write(JobRun)
