"""One form, read as options, as JSON and as a command line."""

import argparse
from datetime import date

import pytest
from django import forms

from opsconsole import Operation, params
from opsconsole.exceptions import BadInput


class Params(forms.Form):
    since = forms.DateField(label="Desde", help_text="Primer día.", required=False)
    batch_size = forms.IntegerField(label="Lote", help_text="Filas.", initial=500, min_value=1)
    dry_run = forms.BooleanField(label="Simular", help_text="No escribe.", required=False)
    levels = forms.MultipleChoiceField(
        label="Niveles", help_text="Cuáles.", required=False, choices=[("a", "A"), ("b", "B")]
    )
    key = forms.CharField(label="Clave", help_text="Secreta.", required=False)


class Example(Operation):
    name = "example_of_params"
    title = "Ejemplo"
    sensitive = frozenset({"key"})
    Params = Params

    def run(self, params, ctx):
        return None


def parse(*words):
    parser = argparse.ArgumentParser()
    params.add_arguments(parser, Params)
    return params.given(Params, vars(parser.parse_args(words)))


def test_absent_options_take_the_fields_initial():
    assert params.clean(Params, parse()) == {
        "since": None,
        "batch_size": 500,
        "dry_run": False,
        "levels": [],
        "key": "",
    }


def test_options_are_cleaned_by_the_form():
    cleaned = params.clean(
        Params, parse("--since", "2026-01-31", "--batch-size", "7", "--dry-run", "--levels", "b")
    )

    assert cleaned == {
        "since": date(2026, 1, 31),
        "batch_size": 7,
        "dry_run": True,
        "levels": ["b"],
        "key": "",
    }


def test_json_cleans_to_the_same_again():
    cleaned = params.clean(Params, parse("--since", "2026-01-31", "--levels", "a", "b"))

    stored = params.to_json(cleaned)

    assert stored["since"] == "2026-01-31"
    assert params.clean(Params, stored) == cleaned


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--since", "2026-02-30"), "--since: "),
        (("--batch-size", "0"), "--batch-size: "),
        (("--levels", "z"), "--levels: "),
    ],
)
def test_a_wrong_value_is_refused_with_its_option(words, option):
    with pytest.raises(BadInput) as refusal:
        params.clean(Params, parse(*words))

    assert str(refusal.value.cause).startswith(option)


def test_the_command_line_names_only_what_differs_and_hides_secrets():
    values = {"since": "2026-01-31", "batch_size": 500, "dry_run": True, "key": "x", "levels": []}

    assert params.command_line(Example(), values) == (
        "python manage.py console run example_of_params --since 2026-01-31 --dry-run --key ••••"
    )
