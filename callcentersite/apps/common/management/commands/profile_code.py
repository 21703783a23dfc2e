"""The guide's command; ``console run profile_code`` is the same."""

from opsconsole.management.base import OperationCommand


class Command(OperationCommand):
    operation = "profile_code"
