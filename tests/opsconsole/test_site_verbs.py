"""A site adds verbs of its own to ``manage.py console``."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from opsconsole import OperationError
from opsconsole.management.verbs import SiteVerb


class Greet(SiteVerb):
    """Says whom it greets, and refuses nobody but nobody."""

    help = "Saluda."

    def add_arguments(self, parser):
        parser.add_argument("name")

    def handle(self, command, options):
        if options["name"] == "nadie":
            raise OperationError("No hay a quién saludar.", remedy="Diga un nombre.")
        command.stdout.write(f"Hola, {options['name']}")


@pytest.fixture
def greeting(settings):
    verbs = {"greet": f"{__name__}.Greet"}
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "VERBS": verbs}


def console(*words):
    out = io.StringIO()
    call_command("console", *words, stdout=out)
    return out.getvalue()


def test_a_verb_of_the_site_does_its_work(greeting):
    assert console("greet", "ana") == "Hola, ana\n"


def test_its_refusal_is_told_in_the_consoles_lines(greeting):
    with pytest.raises(CommandError) as refusal:
        console("greet", "nadie")

    assert str(refusal.value) == "ERROR: No hay a quién saludar.\nSOLUCION: Diga un nombre."


def test_the_consoles_own_verbs_go_on(greeting, db):
    assert "run_etl" in console("list")


def test_a_site_cannot_take_a_verb_away(settings):
    verbs = {"list": f"{__name__}.Greet"}
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "VERBS": verbs}

    with pytest.raises(ImproperlyConfigured, match="list ya existe"):
        console("list")


def test_a_site_without_verbs_has_the_consoles_own(settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "VERBS": {}}

    with pytest.raises(CommandError):
        console("audit", "verify")
