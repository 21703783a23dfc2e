"""``manage.py generate_report``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "generate_report"
