"""``python -m tests.benchmarks [etl | engine | retention] [options]``: what ``make bench`` runs.

Without a name all, one after the other: the ETL starts servers of its own, the engine's figures
get theirs from ``tests.servers``. Options belong to the benchmark that is named.
"""

import subprocess
import sys

COMMANDS = {
    "etl": ["tests.benchmarks.etl"],
    "retention": [
        "tests.servers",
        "--durable",
        "--",
        sys.executable,
        "-m",
        "tests.benchmarks.retention",
    ],
    "engine": ["tests.servers", "--durable", "--", sys.executable, "-m", "tests.benchmarks.engine"],
}


def main(arguments: list[str]) -> int:
    """Run them; end with the first exit code that is not 0."""
    named = arguments[:1] if arguments and arguments[0] in COMMANDS else []
    codes = [
        subprocess.run(
            [sys.executable, "-m", *COMMANDS[name], *arguments[len(named) :]], check=False
        ).returncode
        for name in named or COMMANDS
    ]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
