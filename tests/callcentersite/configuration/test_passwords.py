"""``seguridad.password_*`` are what a new password has to meet."""

import re

import pytest
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from callcentersite.apps.configuration.domain.passwords import PasswordPolicy

pytestmark = pytest.mark.django_db(databases="__all__")

GOOD = "Xochimilco#7"
EVERYTHING = PasswordPolicy(min_length=8, uppercase=True, numbers=True, special=True)


def codes(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    return [error.code for error in refused.value.error_list]


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Ábc1!xyz", []),
        ("abc", ["min_length", "uppercase", "numbers", "special"]),
        ("ABCDEFGH", ["numbers", "special"]),
        ("abcdefg1!", ["uppercase"]),
        ("Abc 1234", ["special"]),
        ("Ñandú-99", []),
    ],
)
def test_a_policy_names_what_is_missing(password, missing):
    assert list(EVERYTHING.missing(password)) == missing


def test_a_policy_that_asks_nothing_but_length_asks_nothing_else():
    lenient = PasswordPolicy(min_length=3, uppercase=False, numbers=False, special=False)

    assert list(lenient.missing("abc")) == []
    assert list(lenient.required()) == ["min_length"]


def test_the_defaults_hold_without_rows():
    validate_password(GOOD)
    assert codes("xochimilco") == ["password_uppercase", "password_numbers", "password_special"]


@pytest.mark.parametrize(
    ("clave", "valor", "password"),
    [
        ("seguridad.password_min_length", "6", "Xoch#7"),
        ("seguridad.password_require_uppercase", "false", "xochimilco#7"),
        ("seguridad.password_require_numbers", "false", "Xochimilco#"),
        ("seguridad.password_require_special", "false", "Xochimilco7"),
    ],
)
def test_a_changed_setting_holds_for_the_next_password(change, clave, valor, password):
    assert codes(password) == [clave.replace("seguridad.", "").replace("require_", "")]

    change(clave, valor)

    validate_password(password)


def test_a_longer_minimum_holds_too(change):
    change("seguridad.password_min_length", "20")

    with pytest.raises(ValidationError, match="al menos 20 caracteres"):
        validate_password(GOOD)


def test_the_help_text_says_what_holds(change):
    change("seguridad.password_require_special", "false")

    texts = " ".join(password_validators_help_texts())

    assert "al menos 8 caracteres" in texts
    assert "una mayúscula" in texts
    assert "especial" not in texts


def test_the_page_that_changes_a_password_asks_it(page):
    answer = page.post(
        "/admin/password_change/",
        {"old_password": "clave-1", "new_password1": "xochimilco", "new_password2": "xochimilco"},
    )
    said = re.sub(r"\s+", " ", answer.content.decode())

    assert "al menos una mayúscula" in said
    assert "al menos un dígito" in said


def test_common_passwords_are_still_refused():
    assert "password_too_common" in codes("Password1")
