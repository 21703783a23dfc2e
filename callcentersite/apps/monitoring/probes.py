"""What is asked of each part of the installation before traffic is sent to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from opsconsole.selectors.queue import QueueState, Verdict, queue_state

# The legacy database is the ETL's business: pages answer without it.
OURS = ("default", "ops")
OK, FAIL, NEVER, BUSY = "ok", "fail", "never", "busy"
Probe = Callable[[], str]


def default_answers() -> str:
    """Whether the database of business data answers."""
    return answers("default")


def ops_answers() -> str:
    """Whether the database of the runs answers."""
    return answers("ops")


def answers(alias: str) -> str:
    """One trip there and back; the error goes to the log of the server, not to strangers."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return FAIL
    return OK


class Migrated:
    """Whether every migration of this code is in the database; a yes is remembered."""

    def __init__(self) -> None:
        self.known = False

    def __call__(self) -> str:
        try:
            self.known = self.known or all(is_migrated(alias) for alias in OURS)
        except Error:
            return FAIL
        return OK if self.known else FAIL


def is_migrated(alias: str) -> bool:
    """Whether nothing is left to do there."""
    executor = MigrationExecutor(connections[alias])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def queue_words() -> dict[str, str]:
    """How the queue is doing, in a word of its Verdict; and whether anything comes out of it."""
    try:
        state = queue_state()
    except Error:
        return {"queue": FAIL, "canary": FAIL}
    return {"queue": state.verdict.value, "canary": canary_word(state)}


def canary_word(state: QueueState) -> str:
    """``ok`` · ``never``: no worker ever ran here · ``busy``: each has a run, and works · ``fail``.

    By the age of the last one that came through, so that silence alone says ``fail``.
    """
    if state.canary.age is None:
        return NEVER
    if not state.canary.is_silent:
        return OK
    return BUSY if state.verdict is Verdict.BUSY else FAIL


# Without one of these a request cannot be answered.
NEEDED: Mapping[str, Probe] = {
    "default": default_answers,
    "ops": ops_answers,
    "migrations": Migrated(),
}
