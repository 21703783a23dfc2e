"""The recorder loses no line, whatever the database does."""

import threading
import time

import pytest
from django.db import OperationalError, connections

from opsconsole import log_store, runner
from opsconsole.execution import Execution, claim
from opsconsole.models import JobLog, JobRun
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def test_a_beat_that_finds_the_database_locked_keeps_its_lines(submit, monkeypatch):
    run = submit("count_slowly", steps=20, pause=0.02)
    append, failures = log_store.append, []

    def sometimes_locked(*args, **kwargs):
        if len(failures) < 3:
            failures.append(1)
            raise OperationalError("database is locked")
        append(*args, **kwargs)

    monkeypatch.setattr(log_store, "append", sometimes_locked)
    runner.execute(run.pk)

    run.refresh_from_db()
    assert len(failures) == 3
    assert run.status == "succeeded"
    assert run.log_lines == 22
    assert list(JobLog.objects.filter(run=run).values_list("seq", flat=True)) == list(range(1, 23))


def test_a_commit_whose_answer_got_lost_writes_no_line_twice(submit, monkeypatch):
    run = submit("count_slowly", steps=10, pause=0.02)
    from opsconsole.recorder import Recorder

    write, lost = Recorder._write, []

    def answer_lost_once(self, fields):
        written = write(self, fields)
        if not lost and self._written:
            lost.append(1)
            self._written -= 1
            self.ctx.pending.appendleft(last_line(self.run))
            raise OperationalError("server closed the connection unexpectedly")
        return written

    monkeypatch.setattr(Recorder, "_write", answer_lost_once)
    runner.execute(run.pk)

    run.refresh_from_db()
    assert lost
    assert run.status == "succeeded"
    assert run.log_lines == JobLog.objects.filter(run=run).count() == 12


def last_line(run):
    """The last stored line, as it was when it waited."""
    from opsconsole.context import LogLine

    row = JobLog.objects.filter(run=run).order_by("-seq").first()
    return LogLine(row.seq, row.level, row.message, row.at)


def test_the_log_survives_what_the_operation_rolls_back(submit, monkeypatch, django_user_model):
    from django.db import transaction

    from tests.operations import CountSlowly

    def work(self, params, ctx):
        with transaction.atomic():
            django_user_model.objects.create_user("nadie")
            ctx.info("dentro de la transacción")
            written = JobLog.objects.filter(message="dentro de la transacción")
            seen.append(eventually(written.count, what="a line in the log"))
            raise ValueError("se deshace")

    seen = []
    monkeypatch.setattr(CountSlowly, "run", work)
    run = submit("count_slowly")
    runner.execute(run.pk)

    run.refresh_from_db()
    assert seen == [1]
    assert run.status == "failed"
    assert JobLog.objects.filter(run=run).count() == 1
    assert not django_user_model.objects.filter(username="nadie").exists()


def test_an_attempt_after_another_goes_on_with_the_numbers_of_its_lines(submit):
    run = submit("count_resumably")
    first = Execution(claim(run.pk))
    first.ctx.info("primer intento")
    from opsconsole.recorder import Recorder

    recorder = Recorder(first.run, first.ctx, grace_seconds=1, on_hard_timeout=lambda: None)
    assert recorder.put_back()
    JobRun.objects.filter(pk=run.pk).update(status="queued")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.attempt == 2
    assert run.status == "succeeded"
    assert list(JobLog.objects.filter(run=run).order_by("seq").values_list("seq", flat=True)) == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_an_artifact_is_stored_with_its_size_and_checksum(submit, monkeypatch, tmp_path, settings):
    from tests.operations import CountSlowly

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(
        CountSlowly, "run", lambda self, params, ctx: ctx.artifact("../informe.txt", "hola")
    )
    run = submit("count_slowly")
    runner.execute(run.pk)

    artifact = run.artifacts.get()
    assert (artifact.name, artifact.size_bytes) == ("informe.txt", 4)
    assert artifact.sha256.startswith(
        "b221d9dbb083a7f33428d7c2a3c3198ae925614d70210e28716ccaa7cd4d"
    )
    assert artifact.file.read() == b"hola"


def test_the_recorders_thread_closes_its_connections(submit):
    run = submit("count_slowly")
    before = threading.active_count()

    runner.execute(run.pk)

    assert threading.active_count() == before
    assert connections["ops"].connection is not None


def work_of_its_own(monkeypatch, work):
    """Let the test operation do this instead."""
    from tests.operations import CountSlowly

    monkeypatch.setattr(CountSlowly, "run", work)


@pytest.mark.parametrize(
    "work",
    [
        lambda self, params, ctx: ctx.info("archivo \udcff"),
        lambda self, params, ctx: ctx.figures(rate=float("nan")),
        lambda self, params, ctx: {"rate": float("nan")},
        lambda self, params, ctx: {"name": "a\x00b \udcff"},
        lambda self, params, ctx: ctx.progress(10**30),
        lambda self, params, ctx: ctx.progress(1, unit="u" * 60),
        lambda self, params, ctx: ctx.artifact("..", "x"),
        lambda self, params, ctx: ctx.artifact("n" * 250 + ".txt", "x"),
    ],
)
def test_what_no_database_stores_still_ends_its_run(submit, monkeypatch, work):
    monkeypatch.setattr("opsconsole.recorder.GIVE_UP_SECONDS", 1)
    work_of_its_own(monkeypatch, work)
    run = submit("count_slowly")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.has_ended


def test_a_file_that_cannot_be_stored_is_said_in_the_log_and_ends_nothing(submit, monkeypatch):
    work_of_its_own(monkeypatch, lambda self, params, ctx: ctx.artifact("..", "x"))
    run = submit("count_slowly")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "succeeded"
    assert run.artifacts.count() == 0
    assert "No se pudo guardar el archivo «..»" in JobLog.objects.get(run=run).message


def test_no_error_of_a_beat_ends_the_thread(submit, monkeypatch):
    run = submit("count_slowly", steps=10, pause=0.05)
    from opsconsole.recorder import Recorder

    listen, failures = Recorder._listen, []

    def fail_twice(self):
        if len(failures) < 2:
            failures.append(1)
            raise EOFError("the cache of the clusters cannot be read")
        listen(self)

    monkeypatch.setattr(Recorder, "_listen", fail_twice)
    runner.execute(run.pk)

    run.refresh_from_db()
    assert len(failures) == 2
    assert run.heartbeat_at > run.started_at
    assert run.status == "succeeded"


def test_a_burst_of_lines_does_not_wait_for_the_next_beat(submit, monkeypatch, settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 1}
    monkeypatch.setattr("opsconsole.recorder.MAX_BATCH", 100)
    seen = []

    def shout(self, params, ctx):
        for number in range(1_000):
            ctx.info(f"línea {number}")
        # One hundred lines a beat would be ten seconds.
        eventually(lambda: JobLog.objects.count() == 1_000, seconds=8)
        seen.append(True)

    work_of_its_own(monkeypatch, shout)
    runner.execute(submit("count_slowly").pk)

    assert seen == [True]


def test_figures_and_secrets_are_masked_while_the_run_still_works(submit, monkeypatch):
    from tests.operations import KeepSecret

    seen = []

    def work(self, params, ctx):
        ctx.figures(source=params["password"])
        seen.append(eventually(lambda: JobRun.objects.get().result, what="a figure"))

    monkeypatch.setattr(KeepSecret, "run", work)
    runner.execute(submit("keep_secret", password="ábrete-sésamo").pk)

    assert seen == [{"source": "••••"}]


def test_an_interrupted_run_that_cannot_be_put_back_is_left_to_be_found_silent(submit, monkeypatch):
    from opsconsole.exceptions import RunInterrupted
    from opsconsole.recorder import Recorder

    def away(self, fields):
        raise OperationalError("the database is away")

    def stop(self, params, ctx):
        raise RunInterrupted

    monkeypatch.setattr("opsconsole.recorder.GIVE_UP_SECONDS", 0)
    monkeypatch.setattr(Recorder, "_write", away)
    work_of_its_own(monkeypatch, stop)
    run = submit("count_resumably")

    assert runner.execute(run.pk).ending is None

    run.refresh_from_db()
    assert run.status == "running"


def test_the_grace_begins_with_the_request_however_late_that_was_made(submit):
    from opsconsole.recorder import Recorder

    run = submit("count_slowly")
    execution, killed = Execution(claim(run.pk)), []
    recorder = Recorder(
        execution.run, execution.ctx, grace_seconds=0.05, on_hard_timeout=lambda: killed.append(1)
    )
    recorder._deadline -= 3600

    recorder._listen()
    assert execution.ctx.stop_requested
    assert not killed

    time.sleep(0.1)
    recorder._listen()
    assert killed
