"""Programmes: what runs by itself, when, in whose name, and what is told where it did not come."""
