"""``manage.py validate_data_integrity``: a shell around the operation; ``--fix`` mends first."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "validate_data_integrity"
    first = {"fix": "mend_data_integrity"}
