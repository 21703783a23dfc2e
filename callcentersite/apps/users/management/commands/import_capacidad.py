"""``manage.py import_capacidad``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "import_capacidad"
