"""Calls in files: which heading is which column, how times are written, what more is refused."""
