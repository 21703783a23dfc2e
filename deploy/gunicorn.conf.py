"""What gunicorn is given with ``--config``: the rest is said on its command line."""

# The path without its query, and no page of origin: people look for calls by their phone numbers.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s"'
