"""``manage.py setup_schedules``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "setup_schedules"
