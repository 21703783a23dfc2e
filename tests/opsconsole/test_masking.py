"""What must never be read again is masked before it is written."""

import json
from urllib.parse import quote

import pytest

from opsconsole.masking import Masker


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://ana:s3creta@db:5432/iact", "postgres://ana:••••@db:5432/iact"),
        ("mysql://ivr:p@ss@10.0.0.1/ivr", "mysql://ivr:••••@10.0.0.1/ivr"),
        ("mysql://:vacía@db/ivr", "mysql://:••••@db/ivr"),
        ("host=db password=s3creta dbname=x", "host=db password=•••• dbname=x"),
        ("{'password': 's3creta', 'n': 1}", "{'password': ••••, 'n': 1}"),
        ("SECRET_KEY = abc", "SECRET_KEY = ••••"),
        ("llamó +525512345678 a las 10", "llamó +52••••78 a las 10"),
        ("contraseña: abc", "contraseña: ••••"),
        ("LEGACY_DB_PASSWORD=s3creta", "LEGACY_DB_PASSWORD=••••"),
        ("PGPASSWORD=a,b psql", "PGPASSWORD=•••• psql"),
        ("AWS_SECRET_ACCESS_KEY=abc", "AWS_SECRET_ACCESS_KEY=••••"),
        ("bypass: 3 filas", "bypass: 3 filas"),
        ("secretaria: Ana", "secretaria: Ana"),
        ("un nombre roto \udcff", "un nombre roto ?"),
        ("\x1b[31mrojo\x1b[0m", "rojo"),
        ("https://iact.mx/admin/?a=1", "https://iact.mx/admin/?a=1"),
        ("Extraccion completada: 1500 registros", "Extraccion completada: 1500 registros"),
        ("call_id 5512345678", "call_id 5512345678"),
        ("llamó +52 (55) 1234-5678 hoy", "llamó +52••••78 hoy"),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer ••••"),
        ("token: Bearer abcdefghijklmnop", "token: •••• ••••"),
        ("usuario=ana clave=s3creta", "usuario=ana clave=••••"),
        ("clave: seguridad.session_timeout", "clave: seguridad.session_timeout"),
        ("al portador bearer de 3 filas", "al portador bearer de 3 filas"),
    ],
)
def test_secrets_are_masked_and_the_rest_stays(text, masked):
    assert Masker().mask(text) == masked


def test_values_given_are_masked_wherever_they_stand_longest_first():
    masker = Masker(["abc", "abcdef"])

    assert masker.mask("abcdef y abc") == "•••• y ••••"


def test_values_inside_a_result_are_masked_at_any_depth():
    masker = Masker(["clave"])

    assert masker.mask_deep({"a": ["clave", 1, {"b": "la clave"}]}) == {
        "a": ["••••", 1, {"b": "la ••••"}]
    }


def test_a_value_is_masked_as_tracebacks_json_and_urls_write_it_too():
    secret = "a'b\\c/ñ"
    masker = Masker([secret])

    for text in (secret, repr({"x": secret}), json.dumps([secret]), quote(secret, safe="")):
        assert "b\\" not in masker.mask(text)
        assert "%27" not in masker.mask(text)
        assert "•" in masker.mask(text)


def test_a_key_of_several_lines_is_masked_line_by_line():
    masker = Masker(["-----BEGIN-----\nabc123\n-----END-----"])

    assert masker.mask("leo abc123") == "leo ••••"


def test_each_of_several_values_and_numbers_are_masked_but_no_flag_is():
    masker = Masker([["uno", "dos"], 4711, True, None])

    assert masker.mask("dos, 4711, True, None") == "••••, ••••, True, None"


def test_a_key_of_a_result_is_masked_as_well():
    assert Masker().mask_deep({"mysql://ivr:x@db/ivr": 1}) == {"mysql://ivr:••••@db/ivr": 1}
