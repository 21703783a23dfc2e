"""What gunicorn is given with ``--config``: only the address is said on its command line."""

worker_class = "gthread"
workers = 2
threads = 4
# In memory: on a slow disk a worker would seem to hang.
worker_tmp_dir = "/dev/shm"  # noqa: S108
graceful_timeout = 30
accesslog = "-"
# The path without its query, and no page of origin: people look for calls by their phone numbers.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s"'
# Nobody steers it by a socket, and the account that it runs as has no home to put one in.
control_socket_disable = True
