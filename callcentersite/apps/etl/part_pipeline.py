"""One part of a full load: the same pipeline, without what is done once for all parts."""

from dataclasses import dataclass
from typing import Any

from .errors import writing
from .load import checkpoint
from .pipeline import Pipeline


@dataclass(kw_only=True)
class PartPipeline(Pipeline):
    """Loads a range of keys under the claim of its own checkpoint.

    Dimensions, stale days and the watermark are left to the run that joins the parts.
    """

    def run(self) -> dict[str, Any]:
        """Do it; the result says besides which days it added calls to, and if it began anew."""
        done = super().run()
        whole = all(reading.whole for reading in self.readings)
        return done | {"whole": whole, "days": sorted(day.isoformat() for day in self.days)}

    def _claim(self) -> None:
        with writing():
            checkpoint.claim_part(self.target.mark, self.target.owner)
        self.target.warm_up()

    def _close(self) -> None:
        # A commit that is waited for, and with it all the chunks before.
        self.target.transact(lambda: None)
        self.days = self.target.added_days
