"""``manage.py vacuum_tables``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "vacuum_tables"
