#!/bin/sh
# run.sh LOG COMMAND [OPTION ...]: one command of manage.py as cron should run it: with the service's
# environment, in its folder, one at a time, its output at the end of LOG.log, its own exit code.
set -eu

home=${CONSOLE_HOME:-/opt/consola}
environment=${CONSOLE_ENV:-/etc/consola.env}
logs=${CONSOLE_LOGS:-/var/log/consola}
locks=${CONSOLE_LOCKS:-/run/lock}

log=$1
shift

# The same file that systemd reads: plain NAME=value lines.
set -a
# shellcheck disable=SC1090
. "$environment"
set +a

cd "$home"
exec >>"$logs/$log.log" 2>&1
echo "== $(date '+%Y-%m-%d %H:%M:%S%z') $*"
# 6 is what the console itself says where something is under way already.
exec flock --nonblock --conflict-exit-code 6 "$locks/consola-$log.lock" \
  .venv/bin/python manage.py "$@"
