"""``manage.py backup_configuration``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "backup_configuration"
