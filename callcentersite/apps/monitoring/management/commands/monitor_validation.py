"""The guide's command; ``console run monitor_validation`` is the same, but for its exit codes."""

from typing import NoReturn

from callcentersite.apps.monitoring.domain.states import EXIT_CODES, State
from opsconsole.exceptions import BadInput, NotAllowed
from opsconsole.management.base import OperationCommand, Refusal


class Command(OperationCommand):
    operation = "monitor_validation"
    cut_off = EXIT_CODES[State.CRITICAL]

    def _leave(self, refusal: Refusal) -> NoReturn:
        # 1 would be a warning: a console that cannot even answer is worse than that. Whoever asked
        # wrongly, or may not ask, has learnt nothing of it.
        if isinstance(refusal.error, (BadInput, NotAllowed)):
            refusal.returncode = EXIT_CODES[State.UNKNOWN]
        else:
            refusal.returncode = max(refusal.returncode, EXIT_CODES[State.CRITICAL])
        super()._leave(refusal)
