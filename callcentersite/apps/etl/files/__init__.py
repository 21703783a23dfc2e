"""Calls in from a file: read whole, judged by the rules of the ETL, loaded by its target."""
