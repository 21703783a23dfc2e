"""What must never be read again is masked before it is written."""

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
        ("\x1b[31mrojo\x1b[0m", "rojo"),
        ("https://iact.mx/admin/?a=1", "https://iact.mx/admin/?a=1"),
        ("Extraccion completada: 1500 registros", "Extraccion completada: 1500 registros"),
        ("call_id 5512345678", "call_id 5512345678"),
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
