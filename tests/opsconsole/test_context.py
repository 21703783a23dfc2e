"""What an operation says stays in memory until somebody takes it."""

import pytest

from opsconsole.context import RunContext
from opsconsole.exceptions import RunCancelled, RunInterrupted, RunTimedOut
from opsconsole.masking import Masker


def test_lines_are_numbered_and_carry_their_level():
    ctx = RunContext()

    ctx.say("empiezo")
    ctx.warning("ojo")
    ctx.success("hecho")

    assert [(n.seq, n.level, n.message, n.bare) for n in ctx.lines] == [
        (1, "INFO", "empiezo", True),
        (2, "WARNING", "ojo", False),
        (3, "SUCCESS", "hecho", False),
    ]


def test_past_the_limit_lines_are_counted_after_one_that_says_so():
    ctx = RunContext(max_lines=2)

    for number in range(5):
        ctx.info(f"línea {number}")

    assert [n.message for n in ctx.lines] == [
        "línea 0",
        "línea 1",
        "Registro lleno: se guardaron 2 líneas; las demás se cuentan, no se guardan.",
    ]
    assert ctx.state.dropped == 3


def test_a_line_too_long_is_cut_with_an_ellipsis():
    ctx = RunContext(max_characters=10)

    ctx.info("0123456789abc")

    assert ctx.lines[0].message == "012345678…"


def test_check_cancelled_raises_the_first_reason_only():
    ctx = RunContext()
    ctx.check_cancelled()

    ctx.request_stop(RunTimedOut)
    ctx.request_stop(RunInterrupted)

    with pytest.raises(RunTimedOut):
        ctx.check_cancelled()


def test_except_exception_does_not_swallow_a_cancellation():
    ctx = RunContext()
    ctx.request_stop(RunCancelled)

    with pytest.raises(RunCancelled):
        try:
            ctx.check_cancelled()
        except Exception:
            pytest.fail("an operation's own handler swallowed the cancellation")


def test_track_counts_what_is_done_and_stops_between_items():
    ctx = RunContext()
    seen = []

    with pytest.raises(RunCancelled):
        for item in ctx.track(["a", "b", "c"], unit="letras"):
            seen.append(item)
            if item == "b":
                ctx.request_stop(RunCancelled)

    assert seen == ["a", "b"]
    assert (ctx.state.progress.current, ctx.state.progress.total) == (2, 3)


def test_figures_are_merged_and_must_be_json():
    ctx = RunContext()
    ctx.figures(read=1)
    ctx.figures(valid=2)

    assert ctx.state.figures == {"read": 1, "valid": 2}
    with pytest.raises(TypeError):
        ctx.figures(bad=object())


def test_overlapping_phases_add_up():
    ctx = RunContext()
    ctx.spend("load", 1.5)
    ctx.spend("load", 0.5, done=0.4)

    assert ctx.clocks() == {"load": {"seconds": 2.0, "done": 0.4}}
    assert ctx.state.phase == "load"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_figure_that_no_database_stores_is_refused_where_the_mistake_is(number):
    with pytest.raises(ValueError, match="JSON"):
        RunContext().figures(rate=number)


@pytest.mark.parametrize("count", [float("nan"), float("inf"), 10**30, "muchos"])
def test_progress_that_is_no_count_is_refused_where_the_mistake_is(count):
    with pytest.raises((ValueError, OverflowError)):
        RunContext().progress(count)


def test_unit_phase_figures_and_file_names_are_masked_too():
    ctx = RunContext(masker=Masker(["s3creta"]))

    ctx.progress(1, unit="de s3creta")
    ctx.figures(source="s3creta")
    ctx.artifact("s3creta.csv", "")
    with ctx.step("leer s3creta"):
        pass

    assert ctx.state.progress.unit == "de ••••"
    assert ctx.state.figures == {"source": "••••"}
    assert ctx.artifacts[0].name == "••••.csv"
    assert ctx.state.phase == "leer ••••"
    assert list(ctx.clocks()) == ["leer ••••"]


def test_a_phase_that_ends_in_an_error_is_not_done():
    ctx = RunContext()

    with pytest.raises(ValueError, match="a medias"), ctx.step("load"):
        raise ValueError("a medias")

    assert ctx.clocks()["load"]["done"] is None
