"""``manage.py mend_data_integrity``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "mend_data_integrity"
