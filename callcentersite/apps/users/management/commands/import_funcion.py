"""``manage.py import_funcion``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "import_funcion"
