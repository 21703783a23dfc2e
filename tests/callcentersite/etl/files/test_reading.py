"""Reading a file of calls: a page at a time, whatever its length; and what its headings say."""

import weakref
from types import SimpleNamespace

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from callcentersite.apps.common.interchange.formats import Sheet
from callcentersite.apps.common.interchange.limits import PAGE, RUN, UnreadableFile
from callcentersite.apps.etl.domain.files.headings import Layout, guess, normal
from callcentersite.apps.etl.domain.files.moments import instant, is_unreadable
from callcentersite.apps.etl.files.parquet import ParquetCalls, cells_of
from callcentersite.apps.etl.files.reading import PAGE_ROWS, Spool

EVERY = ("call_id", "started_at", "ended_at", "duration_s", "disposition", "queue_code")


class Cells(list):
    """A row that can be watched."""

    __hash__ = object.__hash__


def test_of_two_hundred_thousand_rows_memory_holds_a_page_or_two(tmp_path):
    alive, seen = weakref.WeakSet(), SimpleNamespace(most=0)

    def rows():
        for number in range(2, 200_002):
            cells = Cells([str(number), "2026-10-05 09:00:00", "x" * 40, "1", "BUSY", "A"])
            alive.add(cells)
            yield number, cells

    def watch(read):
        seen.most = max(seen.most, len(alive))

    spool = Spool(folder=tmp_path)
    spool.fill(Sheet(list(EVERY), rows()), guess(EVERY), watch=watch)

    assert spool.rows == 200_000
    assert seen.most <= 2 * PAGE_ROWS
    assert [frame.height for frame in spool.frames()] == [PAGE_ROWS] * 10


@pytest.mark.parametrize(
    ("heading", "column"),
    [("Número que llama", "ani"), ("Duración (s)", "duration_s"), ("source_updated_at",
     "updated_at"), ("START_TIME", "started_at"), ("Código cola", "queue_code"), ("otra", None)],
)  # fmt: skip
def test_a_heading_is_known_by_its_name_in_any_dress(heading, column):
    found = {name for name, chosen in guess([heading]).heading_of.items() if chosen == heading}

    assert found == ({column} if column else set())


def test_a_heading_serves_one_column_and_a_column_takes_its_own_name_first():
    layout = guess(["Inicio", "started_at", "call_id"])

    assert layout.heading_of == {"call_id": "call_id", "started_at": "started_at"}
    assert normal(" ¿Teléfono? ") == "telefono"


def test_what_is_wrong_with_a_layout_is_told_by_name():
    layout = Layout(heading_of={"call_id": "a", "ani": "a", "notes": "z"})

    found = {problem.code: problem.names for problem in layout.problems(["a", "b"])}

    assert found == {"missing": EVERY[1:], "twice": ("a",), "unknown": ("z",)}


@pytest.mark.parametrize(
    ("text", "utc", "unreadable"),
    [
        ("2026-10-05 09:00:00", "2026-10-05 15:00:00", False),
        ("2026-10-05T09:00", "2026-10-05 15:00:00", False),
        ("2026-10-05T09:00:00.999Z", "2026-10-05 09:00:00", False),
        ("2026-10-05 09:00:00+05:30", "2026-10-05 03:30:00", False),
        ("2026-10-05 09:00:00 -06", "2026-10-05 15:00:00", False),
        ("2021-10-31 01:30:00", "2021-10-31 07:30:00", False),  # twice that night: the later
        ("2021-04-04 02:30:00", None, False),  # never that night
        ("0000-00-00 00:00:00", None, False),
        ("  ", None, False),
        (None, None, False),
        ("05/10/2026 09:00", None, True),
        ("2026-02-30 09:00:00", None, True),
        ("2026-10-05 09:00:00+99:00", None, True),
        ("1899-12-31 00:00:00", None, True),
        ("9999-12-31 23:59:59", None, True),
    ],
)
def test_a_time_is_local_unless_it_says_its_own_offset(text, utc, unreadable):
    frame = pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(
        at=instant(pl.col("t"), zone="America/Mexico_City"), bad=is_unreadable(pl.col("t"))
    )

    assert frame["at"].dt.strftime("%Y-%m-%d %H:%M:%S").to_list() == [utc]
    assert frame["bad"].to_list() == [unreadable]


def test_a_small_parquet_that_would_unpack_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "bomba.parquet"
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 4_000), ["x" * 1_000_000])
    pq.write_table(pa.table({"notes": texts}), path, compression="zstd", store_schema=False)

    with path.open("rb") as file, pytest.raises(UnreadableFile, match="textos de más de"):
        list(ParquetCalls().read(file, RUN).rows)
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array(["x" * 1_000_000], pa.string_view()), "textos de más de"),
        (pa.array([b"x"], pa.large_binary()), "no son texto"),
        (pa.array([b"x"], pa.binary(1)), "no son texto"),
    ],
)
def test_texts_and_bytes_are_known_in_any_dress(tmp_path, column, said):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"notes": column}), path)

    with path.open("rb") as file, pytest.raises(UnreadableFile, match=said):
        list(ParquetCalls().read(file, RUN).rows)


def test_of_a_million_texts_a_batch_unpacks_its_own():
    texts = pa.DictionaryArray.from_arrays(pa.array([1, None, 1]), ["x" * 80_000, "a\x00b"])

    assert cells_of(texts) == ["ab", "", "ab"]


def test_a_parquet_with_too_many_rows_or_nested_columns_is_refused(tmp_path):
    path = tmp_path / "larga.parquet"
    pq.write_table(pa.table({"call_id": range(PAGE.rows + 1), "x": [[1]] * (PAGE.rows + 1)}), path)

    with path.open("rb") as file, pytest.raises(UnreadableFile, match="más de 5"):
        ParquetCalls().read(file, PAGE)
    with path.open("rb") as file, pytest.raises(UnreadableFile, match="no son texto"):
        list(ParquetCalls().read(file, RUN).rows)
