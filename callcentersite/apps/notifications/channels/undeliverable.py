"""What no repetition would mend."""


class Undeliverable(Exception):
    """This message will never reach this person by this channel; the text says why."""
