"""What every operation of the house has, whoever adds it."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import get_commands, load_command_class
from django.utils.functional import Promise

from opsconsole import Effect
from opsconsole.management.base import OperationCommand
from tests.house.operations_document import house_operations

OPERATIONS = {operation.name: operation for operation in house_operations()}
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def test_the_guides_operations_are_here():
    assert {"create_test_data", "run_etl"} <= set(OPERATIONS)


@each_operation
def test_an_operation_tells_people_what_it_is(operation):
    assert str(operation.title)
    assert str(operation.description).endswith((".", "…"))
    assert str(operation.section)


@each_operation
def test_its_words_can_be_translated(operation):
    fields = operation.Params.base_fields.values()
    texts = [operation.title, operation.description, operation.section]
    texts += [text for field in fields for text in (field.label, field.help_text)]
    texts += [figure.title for figure in operation.figures]
    texts += [phase.title for phase in operation.phases]

    assert [str(text) for text in texts if not isinstance(text, Promise)] == []


@each_operation
def test_every_option_has_a_label_and_a_help_text(operation):
    for name, field in operation.Params.base_fields.items():
        assert str(field.label), name
        assert str(field.help_text), name


@each_operation
def test_what_changes_shared_data_runs_one_at_a_time(operation):
    assert operation.effect is Effect.READS or operation.lock_key({}) is not None


@each_operation
@pytest.mark.django_db(databases=["default", "ops"])
def test_its_permission_is_in_the_database(operation):
    codename = operation.permission().removeprefix("opsconsole.")

    assert Permission.objects.filter(codename=codename).exists()


@each_operation
def test_its_command_has_its_name_and_is_only_a_shell(operation):
    command = load_command_class(get_commands()[operation.name], operation.name)

    assert isinstance(command, OperationCommand)
    assert command.operation == operation.name
    assert type(command).handle is OperationCommand.handle


@pytest.mark.parametrize("name", ["console", *OPERATIONS])
def test_its_command_explains_itself(name, capsys):
    command = load_command_class(get_commands()[name], name)

    with pytest.raises(SystemExit) as end:
        command.create_parser("manage.py", name).parse_args(["--help"])

    assert end.value.code == 0
    assert "usage: manage.py" in capsys.readouterr().out
