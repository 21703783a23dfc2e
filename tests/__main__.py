"""``python -m tests [pytest options]``: all tests on both columns at once, one core each.

The embedded databases' column is shown as it runs, that of the servers when it has ended. What is
given to pytest is given to both. What needs neither column's databases, marked ``once``, runs in
the first. The exit code is the first that is not 0.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence

PYTEST = [sys.executable, "-m", "pytest"]
ON_SERVERS = [sys.executable, "-m", "tests.servers", "--", *PYTEST, "-m", "not once"]


def main(options: Sequence[str]) -> int:
    """Run both, show both."""
    with tempfile.TemporaryFile() as output:
        servers = subprocess.Popen([*ON_SERVERS, *options], stdout=output, stderr=output)
        embedded = subprocess.Popen([*PYTEST, *options])
        signal.signal(signal.SIGTERM, lambda *_: stop(embedded, servers))
        try:
            codes = [embedded.wait(), servers.wait()]
        except KeyboardInterrupt:
            # The terminal has told them as well; they end tidily.
            codes = [embedded.wait() or 130, servers.wait() or 130]
        sys.stdout.flush()
        output.seek(0)
        sys.stdout.buffer.write(b"\n== PostgreSQL y MariaDB\n" + output.read())
        sys.stdout.flush()
    return next((code for code in codes if code), 0)


def stop(*columns: subprocess.Popen[bytes]) -> None:
    """Let both end as they would by themselves."""
    for column in columns:
        column.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
