"""The closed world: every operation at every door, and every page that is only looked at."""
