"""Text ⇄ value, and what each setting may be. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcentersite.apps.configuration.domain.catalog import catalog, categories
from callcentersite.apps.configuration.domain.limits import LIMITS
from callcentersite.apps.configuration.domain.rules import OneOf, Range, Rule, StaysOff
from callcentersite.apps.configuration.domain.values import (
    BadValue,
    canonical,
    stored,
    typed,
)


def check(clave, valor):
    entry = catalog()[clave]
    return canonical(clave, valor, tipo_dato=entry.tipo_dato, rule=entry.rule)


def test_the_catalogue_has_forty_settings_in_seven_categories():
    counts = [
        sum(entry.categoria == categoria for entry in catalog().values())
        for categoria in categories()
    ]

    assert categories() == (
        "seguridad",
        "notificaciones",
        "llamadas",
        "tickets",
        "reportes",
        "sistema",
        "integraciones",
    )
    assert counts == [8, 5, 6, 7, 5, 6, 3]


def test_every_setting_has_a_rule_and_no_rule_is_left_over():
    assert set(LIMITS) == set(catalog())


@pytest.mark.parametrize("clave", catalog())
def test_every_default_is_allowed_and_written_in_its_one_form(clave):
    assert check(clave, catalog()[clave].default) == catalog()[clave].default


@pytest.mark.parametrize(
    ("valor", "expected"),
    [("1800", "1800"), (" 1800 ", "1800"), (1800, "1800"), ("+60", "60"), ("0900", "900")],
)
def test_an_integer_has_one_form(valor, expected):
    assert check("seguridad.session_timeout", valor) == expected


@pytest.mark.parametrize(
    ("valor", "expected"),
    [(True, "true"), ("True", "true"), ("Sí", "true"), ("1", "true"), (False, "false"),
     ("NO", "false"), ("0", "false")],
)  # fmt: skip
def test_a_boolean_has_two_forms(valor, expected):
    assert check("sistema.maintenance_mode", valor) == expected


def test_a_choice_may_be_typed_in_any_case():
    assert check("sistema.log_level", " warning ") == "WARNING"
    assert check("reportes.default_format", "PDF") == "pdf"


@pytest.mark.parametrize(
    ("clave", "valor"),
    [
        ("seguridad.session_timeout", ""),
        ("seguridad.session_timeout", "quince"),
        ("seguridad.session_timeout", "900.0"),
        ("seguridad.session_timeout", "1e3"),
        ("seguridad.session_timeout", "٩٠٠"),
        ("seguridad.session_timeout", "59"),
        ("seguridad.session_timeout", "86401"),
        ("seguridad.session_timeout", "-900"),
        ("seguridad.session_timeout", "9" * 5_000),
        ("seguridad.session_timeout", None),
        ("seguridad.max_login_attempts", "0"),
        ("sistema.maintenance_mode", "quizás"),
        ("sistema.maintenance_mode", ""),
        ("sistema.log_level", "VERBOSE"),
        ("tickets.default_priority", "urgente"),
        ("reportes.default_format", "docx"),
        ("notificaciones.sms_enabled", "true"),
    ],
)
def test_what_makes_no_sense_is_refused(clave, valor):
    with pytest.raises(BadValue) as refused:
        check(clave, valor)

    assert (refused.value.clave, refused.value.valor) == (clave, valor)


@pytest.mark.parametrize("clave", [c for c, rule in LIMITS.items() if isinstance(rule, Range)])
def test_a_range_admits_its_ends_and_nothing_beyond(clave):
    rule = LIMITS[clave]

    assert check(clave, str(rule.least)) == str(rule.least)
    assert check(clave, str(rule.most)) == str(rule.most)
    for beyond in (rule.least - 1, rule.most + 1):
        with pytest.raises(BadValue):
            check(clave, beyond)


def test_the_words_of_the_limits_are_those_of_the_console():
    assert isinstance(LIMITS["sistema.log_level"], OneOf)
    assert isinstance(LIMITS["notificaciones.sms_enabled"], StaysOff)


def test_other_types_are_read_too():
    assert typed("2.5", "float") == 2.5
    assert typed('{"a": [1]}', "json") == {"a": [1]}
    for valor, tipo_dato in [("nan", "float"), ("{", "json"), ("[" * 100_000, "json"),
                             ("a\x00b", "string"), ("1", "fecha")]:  # fmt: skip
        with pytest.raises(ValueError):
            typed(valor, tipo_dato)


VALUES = {
    "integer": st.integers(-(2**31) + 1, 2**31 - 1),
    "boolean": st.booleans(),
    "string": st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    "float": st.floats(allow_nan=False, allow_infinity=False),
}


@pytest.mark.parametrize("tipo_dato", VALUES)
@given(data=st.data())
def test_what_is_stored_is_read_as_it_was(tipo_dato, data):
    value = data.draw(VALUES[tipo_dato])

    assert typed(stored(value, tipo_dato), tipo_dato) == value
    if tipo_dato != "string":
        once = canonical("una.clave", value, tipo_dato=tipo_dato, rule=Rule.of_type(tipo_dato))
        assert canonical("una.clave", once, tipo_dato=tipo_dato, rule=Rule()) == once
