"""``python -m tests.house.generate_docs [--check]``: write or compare docs/operations.md."""

import os
import sys

import django


def main(words: list[str]) -> int:
    """Write docs/operations.md; with ``--check`` return 1 where it is not what it should be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")
    django.setup()
    from .operations_document import PATH, document

    if "--check" not in words:
        PATH.write_text(document())
        return 0
    if PATH.exists() and PATH.read_text() == document():
        return 0
    print("docs/operations.md no está al día. Ejecute: make docs")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
