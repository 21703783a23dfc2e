import polars as pl
import pytest

from callcentersite.apps.etl.domain.mojibake import mend, mended


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("facturaciÃ³n", "facturación"),
        ("Â¿QuÃ© pasÃ³?", "¿Qué pasó?"),
        ("SEÃ‘ORA NUÃ‘EZ", "SEÑORA NUÑEZ"),
        ("dijo â€œholaâ€\x9d", "dijo “hola”"),
        ("Ã\x81lvarez", "Álvarez"),
        ("mitad Ã³ y mitad ó", "mitad ó y mitad ó"),
        ("gracias ðŸ™‚", "gracias 🙂"),
    ],
)
def test_utf8_read_as_cp1252_is_mended(broken, whole):
    assert mend(broken) == whole


@pytest.mark.parametrize(
    "text", ["", "facturación", "SEÑORA", "¿Qué?", "AÑO Â", "Ã", "â la carte", "50 % — sí", "Ñ¿"]
)
def test_honest_text_stays_as_it_is(text):
    assert mend(text) == text


def test_a_column_is_mended_where_it_needs_it():
    notes = pl.DataFrame({"notes": [None, "claro", "facturaciÃ³n", ""]})

    assert notes.select(mended(pl.col("notes")))["notes"].to_list() == [
        None,
        "claro",
        "facturación",
        "",
    ]
