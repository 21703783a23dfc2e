"""``python -m tests.benchmarks [etl | partitions | engine | retention…] [options]``.

``make bench``: without a name all, one after the other: the ETL starts servers of its own, the
others get theirs from ``tests.servers``; imports and integrity are measured on SQLite as well.
Options belong to the benchmark that is named.
"""

import subprocess
import sys

SERVED = ["tests.servers", "--durable", "--", sys.executable, "-m"]
COMMANDS = {
    "etl": ["tests.benchmarks.etl"],
    "partitions": [*SERVED, "tests.benchmarks.partitions"],
    "retention": [*SERVED, "tests.benchmarks.retention"],
    "calls": [*SERVED, "tests.benchmarks.calls"],
    "engine": [*SERVED, "tests.benchmarks.engine"],
    "profiling": [*SERVED, "tests.benchmarks.profiling"],
    "imports": [*SERVED, "tests.benchmarks.imports"],
    "imports-sqlite": ["tests.benchmarks.imports"],
    "integrity": [*SERVED, "tests.benchmarks.integrity"],
    "integrity-sqlite": ["tests.benchmarks.integrity"],
    "callfiles": [*SERVED, "tests.benchmarks.callfiles"],
    "callfiles-sqlite": ["tests.benchmarks.callfiles"],
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
