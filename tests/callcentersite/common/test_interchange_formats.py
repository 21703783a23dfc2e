"""Files: what goes out comes back, formulae stay text, and what is too much is refused."""

import io
import json
import runpy
import zipfile

import openpyxl
import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st

from callcentersite.apps.common.interchange import formats, limits
from callcentersite.apps.common.interchange.escaping import escape, unescape
from callcentersite.apps.common.interchange.formats import (
    PlainJSON,
    SafeCSV,
    SafeXLSX,
    format_of,
)
from callcentersite.apps.common.interchange.limits import RUN, UnreadableFile

FORMULAE = [
    "=1+1", "+525512345678", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'", "''", "'=1",
    "''=1", "'hola", "", "=", "'-",
]  # fmt: skip
plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


def dataset(*rows, headers=("clave", "valor")):
    return tablib.Dataset(*rows, headers=list(headers))


def again(file_format, *rows):
    found = file_format.create_dataset(file_format.export_data(dataset(*rows)))
    return [tuple(row) for row in found]


@given(st.one_of(plain, st.sampled_from(FORMULAE)))
def test_escaping_is_undone_exactly(text):
    assert unescape(escape(text)) == text


@given(plain)
def test_nothing_dangerous_is_left_at_the_beginning(text):
    assert escape(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("text", ["900", "hola", "'hola", "", "3-4", "a=b"])
def test_ordinary_text_is_left_alone(text):
    assert escape(text) == text


@pytest.mark.parametrize("file_format", [SafeCSV(), SafeXLSX(), PlainJSON()], ids=lambda f: f.title)
def test_what_goes_out_comes_back(file_format):
    rows = [(f"k{number}", text) for number, text in enumerate(FORMULAE)]
    rows += [
        ("acentos", "Xóchitl ñandú ☎ 🐢"), ("comas", 'a,b;"c"\td'),
        ("líneas", "una\r\ndos\ntres\rfin"), ("espacios", "  antes y después  "),
        ("solo espacios", " "), ("y una línea", " \n "), ("anchos", "\u3000 "),
        ("número", "0900"), ("mucho", "9" * 400), ("tipo", "TRUE"),
    ]  # fmt: skip

    assert again(file_format, *rows) == rows


@pytest.mark.parametrize("file_format", [SafeCSV(), SafeXLSX(), PlainJSON()], ids=lambda f: f.title)
@given(texts=st.lists(plain, min_size=1, max_size=5))
def test_any_text_comes_back(file_format, texts):
    rows = [(f"k{number}", text) for number, text in enumerate(texts)]

    assert again(file_format, *rows) == rows


def test_a_workbook_holds_texts_and_no_formula():
    content = SafeXLSX().export_data(dataset(("k", "=1+1"), ("n", "900")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active

    assert [[cell.value for cell in row] for row in sheet.rows][1:] == [
        ["k", "'=1+1"], ["n", "900"],
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.rows for cell in row} == {"s"}


def test_what_people_typed_into_a_spreadsheet_is_read_as_they_see_it():
    book = openpyxl.Workbook()
    book.active.append(["clave", "valor", None])
    for row in (["a", 900], ["b", 900.0], ["c", 2.5], ["d", True], ["e", None], [None, None]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)

    found = SafeXLSX().create_dataset(target.getvalue())

    assert found.headers == ["clave", "valor"]
    assert [tuple(row) for row in found] == [
        ("a", "900"), ("b", "900"), ("c", "2.5"), ("d", "true"), ("e", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["clave;valor\r\na;1,5\r\n", "\ufeffclave;valor\na;1,5", 'clave,valor\na,"1,5"\n\n']
)
def test_a_csv_may_have_semicolons_a_mark_and_any_line_end(text):
    assert [tuple(row) for row in SafeCSV().create_dataset(text.encode())] == [("a", "1,5")]


def test_json_may_have_numbers_flags_and_missing_fields():
    content = json.dumps(
        [{"clave": "a", "valor": 900}, {"clave": "b"}, {"clave": "c", "valor": True}]
    )

    found = PlainJSON().create_dataset(content.encode())

    assert [tuple(row) for row in found] == [("a", "900"), ("b", ""), ("c", "true")]


@pytest.mark.parametrize(
    ("file_format", "content", "why"),
    [
        (SafeCSV(), b"", "vac"),
        (SafeCSV(), b"\n\n", "vac"),
        (SafeCSV(), "clave,valor\na,año".encode("cp1252"), "UTF-8"),
        (SafeCSV(), b"clave,valor\na,\x00", "nulos"),
        (SafeCSV(), b'clave,valor\na,"abierto', "CSV"),
        (SafeCSV(), b"clave,clave\na,b", "repetidos"),
        (SafeCSV(), b"clave,valor\na,b\nc,d,e", "Fila 3"),
        (SafeCSV(), b"clave,valor\n" + b"a,b\n" * 5_001, "filas"),
        (SafeCSV(), b",".join(b"c%d" % n for n in range(101)), "columnas"),
        (SafeXLSX(), b"clave,valor", "XLSX"),
        (SafeXLSX(), b"", "XLSX"),
        (PlainJSON(), b"{", "JSON"),
        (PlainJSON(), b"[" * 100_000, "JSON"),
        (PlainJSON(), b'{"clave": "a"}', "lista"),
        (PlainJSON(), b"[1]", "lista"),
        (PlainJSON(), b"[]", "vac"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(file_format, content, why):
    with pytest.raises(UnreadableFile, match=why):
        file_format.create_dataset(content)


def archive(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked():
    with pytest.raises(UnreadableFile, match="descomprimido"):
        SafeXLSX().create_dataset(archive(sheet=b"0" * (51 * 1024**2)))
    with pytest.raises(UnreadableFile, match="XLSX"):
        SafeXLSX().create_dataset(archive(sheet=b"nada"))


SHEET = "xl/worksheets/sheet1.xml"


def workbook(sheet):
    """A small workbook, with this in place of its sheet."""
    whole = zipfile.ZipFile(io.BytesIO(SafeXLSX().export_data(dataset(("k", "v")))))
    return archive(**{name: whole.read(name) for name in whole.namelist()} | {SHEET: sheet})


def sheet_of(*cells, row=1):
    found = "".join(f'<c r="{place}" t="str"><v>x</v></c>' for place in cells)
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="{row}">{found}</row></sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (sheet_of("A1", "XFD1048576"), "columnas"),
        (sheet_of("A1", "B1048576"), "filas"),
        (sheet_of("A1", row=1_048_576), "filas"),
        (sheet_of("A1" + " " * 2_000_000, "XFD1"), "columnas"),
    ],
)
def test_a_cell_in_the_last_corner_does_not_fill_the_memory(sheet, why):
    with pytest.raises(UnreadableFile, match=why):
        SafeXLSX().create_dataset(workbook(sheet))


def test_an_archive_that_lies_about_its_size_is_not_unpacked():
    content = workbook(sheet_of("A1") + " " * 60_000_000)
    told = (60_000_000 + len(sheet_of("A1"))).to_bytes(4, "little")
    assert content.count(told) >= 1

    with pytest.raises(UnreadableFile, match="XLSX"):
        SafeXLSX().create_dataset(content.replace(told, (1_000).to_bytes(4, "little")))


def test_what_looks_like_an_encoded_character_stays_as_it_is():
    rows = [("k", "_x0041_"), ("l", "_x000D_\r"), ("m", "_x005F_")]

    assert again(SafeXLSX(), *rows) == rows


def test_the_place_of_the_first_byte_that_is_not_utf8_is_told():
    content = b"clave,valor\n" + "a,ñ\n".encode() * 50_000 + b"a,\xf1\n"

    with pytest.raises(UnreadableFile, match=r"línea 50002, byte 250015\)"):
        list(SafeCSV().read(io.BytesIO(content), RUN).rows)


@pytest.mark.parametrize("text", ["\x01", "x" * 32_768])
def test_what_a_workbook_would_lose_is_not_written(text):
    with pytest.raises(UnreadableFile, match="CSV o JSON"):
        SafeXLSX().export_data(dataset(("k", text)))


def test_the_name_says_the_format():
    assert [type(format_of(f"Datos.{e}")) for e in ("CSV", "xlsx", "json")] == list(formats.FORMATS)
    for name in ("datos", "datos.xls", "datos.csv.exe"):
        with pytest.raises(UnreadableFile, match="terminar"):
            format_of(name)


def test_how_much_a_run_imports_is_a_setting(settings):
    settings.IMPORT_MAX_ROWS, settings.IMPORT_MAX_MEGABYTES = 7, 3

    run = runpy.run_path(limits.__file__)["RUN"]

    assert (run.rows, run.bytes) == (7, 3 * 1024 * 1024)
