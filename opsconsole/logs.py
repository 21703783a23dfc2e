"""What django-q says about our bells is noise on a terminal: the run's page tells it better."""

import logging


class NoBells(logging.Filter):
    """Drop «Enqueued [ops] 12»: one line per click, said by whoever clicked."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Enqueued [")
