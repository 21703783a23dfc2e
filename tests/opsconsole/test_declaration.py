"""A mistake in an operation is refused when the class is defined, in a sentence."""

import pytest
from django import forms

from opsconsole import Effect, Operation, registry
from opsconsole.exceptions import InvalidOperation


def declare(**attributes):
    base = {"name": "good_name", "title": "Título", "run": lambda self, params, ctx: None}
    return type("Declared", (Operation,), base | attributes)


class Unexplained(forms.Form):
    size = forms.IntegerField(label="Tamaño")


class Reserved(forms.Form):
    verbosity = forms.IntegerField(label="V", help_text="No.")


class Shadowing(forms.Form):
    no_color = forms.BooleanField(label="C", help_text="No.", required=False)


class Upload(forms.Form):
    rows = forms.FileField(label="Filas", help_text="No.")


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"name": "Bad Name"}, "name must be lower case"),
        ({"title": ""}, "needs a title"),
        ({"run": Operation.run}, r"needs run\(self, params, ctx\)"),
        ({"effect": Effect.DESTROYS}, r"needs plan\(self, params\)"),
        ({"timeout_seconds": 0}, "at least 1"),
        ({"Params": Unexplained}, "--size needs a help_text"),
        ({"Params": Reserved}, "--verbosity is the command's own"),
        ({"Params": Shadowing}, "--no-color is the command's own"),
        ({"Params": Upload}, "--rows is a file"),
        ({"Params": dict}, "must be a django.forms.Form"),
        ({"sensitive": frozenset({"password"})}, "sensitive names 'password'"),
    ],
)
def test_a_wrong_declaration_is_refused(attributes, sentence):
    with pytest.raises(InvalidOperation, match=sentence):
        declare(**attributes)


def test_a_name_taken_is_refused_with_both_places():
    with pytest.raises(InvalidOperation, match="'count_slowly' is taken by"):
        registry.register(declare(name="count_slowly"))


def test_the_permission_is_named_after_the_operation():
    assert declare().permission() == "opsconsole.run_good_name"


def test_an_abstract_operation_is_judged_in_its_subclasses():
    class Body(Operation, abstract=True):
        def run(self, params, ctx): ...

    with pytest.raises(InvalidOperation, match="name"):

        class Nameless(Body):
            title = "Sin nombre"
