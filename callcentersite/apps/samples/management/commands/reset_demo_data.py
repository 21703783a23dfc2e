"""``manage.py reset_demo_data``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "reset_demo_data"
