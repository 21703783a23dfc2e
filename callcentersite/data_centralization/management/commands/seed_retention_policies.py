"""``manage.py seed_retention_policies``: a shell around the operation."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "seed_retention_policies"
