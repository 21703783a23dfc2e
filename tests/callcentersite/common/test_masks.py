"""Phone numbers as they are written here, and our own tokens; counters stay readable."""

import pytest

from callcentersite.apps.audit.services import discreet
from callcentersite.apps.integrations.domain.tokens import new_token
from opsconsole.masking import Masker


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("llamó 55 1234 5678", "llamó ••••78"),
        ("llamó (55) 1234-5678", "llamó ••••78"),
        ("llamó 555-123-4567.", "llamó ••••67."),
        ("ani=5512345678", "ani=••••78"),
        ("{'ani': '5512345678', 'n': 1}", "{'ani': '••••78', 'n': 1}"),
        ('"dnis": 5512345678', '"dnis": ••••78'),
        ("Tel. 55 12 34 56 78", "Tel. ••••78"),
        ("teléfono 5215512345678", "teléfono ••••78"),
        ("número que llama: 5512345678", "número que llama: ••••78"),
        ("caller_phone=5512345678", "caller_phone=••••78"),
        ("llamó 0445512345678", "llamó 044••••78"),
        ("llamó 01 55 1234 5678", "llamó 01••••78"),
    ],
)
def test_phone_numbers_keep_their_last_two_digits(text, masked):
    assert Masker().mask(text) == masked
    assert discreet(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "call_id 5512345678",
        "corrida 3000049918: 1234567890 registros",
        "1234567890 filas leídas, 9876543210 bytes",
        "del 2026-10-05 al 2026-10-11",
        "ani vacío desde 2026-10-05 10:22:33",
        "2026-10-05 10:22:33,123 etl 4512 filas",
        "hotel 5512345678",
        "planificación 5512345678",
        "lote 12/30: 250 000 filas en 3.14 s",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678-1234-5678-9012-123456789012",
        "rango 5000000000-5000010000",
        "10.20.30.40:5432 127.0.0.1",
    ],
)
def test_counters_dates_and_numbers_of_rows_stay(text):
    assert Masker().mask(text) == text


def test_our_own_tokens_keep_only_what_finds_their_client():
    token = new_token()

    for text in (token, f"Bearer {token}", f"curl -H 'Authorization: Bearer {token}'"):
        masked = Masker().mask(text)
        assert token[18:] not in masked
        assert "••••" in masked
        assert token[18:] not in discreet({"nota": text})["nota"]
