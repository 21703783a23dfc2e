"""One form, read as options, as JSON and as a command line."""

import argparse
import json
import shlex
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


class Defaults(forms.Form):
    size = forms.IntegerField(label="T", help_text="T.", initial=5, required=False)
    loud = forms.BooleanField(label="L", help_text="L.", initial=True, required=False)
    name = forms.CharField(label="N", help_text="N.", initial="iact", required=False)
    wait = forms.DurationField(label="W", help_text="W.", required=False)
    uuid = forms.UUIDField(label="U", help_text="U.", required=False)
    shift = forms.FloatField(label="S", help_text="S.", required=False)


class WithDefaults(Operation):
    name = "example_of_defaults"
    title = "Ejemplo"
    Params = Defaults

    def run(self, params, ctx):
        return None


def test_what_somebody_emptied_stays_empty_through_json():
    cleaned = params.clean(Defaults, {"size": "", "loud": False, "name": ""})

    again = params.clean(Defaults, params.to_json(cleaned))

    assert (again["size"], again["loud"], again["name"]) == (None, False, "")


def test_durations_and_identifiers_travel_as_json():
    values = {"wait": "1:30:00", "uuid": "12345678-1234-5678-1234-567812345678"}
    cleaned = params.clean(Defaults, values)

    stored = json.loads(json.dumps(params.to_json(cleaned)))

    assert params.clean(Defaults, stored) == cleaned


def test_an_option_that_is_on_by_itself_can_be_switched_off():
    parser = argparse.ArgumentParser()
    params.add_arguments(parser, Defaults)

    assert params.given(Defaults, vars(parser.parse_args(["--no-loud"]))) == {"loud": False}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, []),
        ({"size": 5, "loud": True, "name": "iact"}, []),
        ({"size": None, "name": ""}, ["--size", "", "--name", ""]),
        ({"size": 0}, ["--size", "0"]),
        ({"loud": False}, ["--no-loud"]),
        ({"shift": -1e-05}, ["--shift=-1e-05"]),
        ({"name": "-x"}, ["--name=-x"]),
    ],
)
def test_the_command_line_says_the_same_when_it_is_typed(values, words):
    line = shlex.split(params.command_line(WithDefaults(), values))
    parser = argparse.ArgumentParser()
    params.add_arguments(parser, Defaults)

    assert line[5:] == words
    typed = params.given(Defaults, vars(parser.parse_args(line[5:])))
    assert params.clean(Defaults, typed) == params.clean(Defaults, values)


def test_a_masked_value_is_not_taken_for_the_secret_itself():
    with pytest.raises(BadInput) as refusal:
        params.clean(Params, {"key": "••••"})

    assert str(refusal.value.cause) == "--key: No se guarda: indíquelo de nuevo."
