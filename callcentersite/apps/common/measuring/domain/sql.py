"""SQL without its values: what two statements have in common, and what a statement does."""

from __future__ import annotations

import re
from functools import lru_cache

MOST_CHARACTERS = 2_000
# One look for both, from left to right: either may hold what begins the other.
TEXT_OR_COMMENT = re.compile(r"('(?:[^']|'')*')|/\*.*?\*/|--[^\n]*", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\$\d+")
NUMBER = re.compile(r"(?<![\w\"`.])-?\d+(?:\.\d+)?(?![\w\"`])")
LIST = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
ROWS = re.compile(r"\(\?\+\)(?:\s*,\s*\(\?\+\))+")
SPACE = re.compile(r"\s+")
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+[\"`]?([\w.]+)", re.IGNORECASE)
LIMIT, ONE_ROW = re.compile(r"\bLIMIT\s+(\d+)", re.IGNORECASE), 21
# What would end the transaction that is to be rolled back, or step out of it.
ENDINGS = frozenset(
    [
        "ABORT",
        "ATTACH",
        "BEGIN",
        "CALL",
        "CHECKPOINT",
        "COMMIT",
        "DETACH",
        "END",
        "PREPARE",
        "START",
        "VACUUM",
    ]
)
# MariaDB commits before these, whatever transaction there is.
MYSQL_ENDINGS = frozenset(
    [
        "ALTER",
        "ANALYZE",
        "CREATE",
        "DROP",
        "FLUSH",
        "GRANT",
        "LOAD",
        "LOCK",
        "OPTIMIZE",
        "RENAME",
        "REPAIR",
        "REVOKE",
        "TRUNCATE",
        "UNLOCK",
    ]
)
# A statement that the server answers by writing a file, or by starting a programme.
OUTSIDE = re.compile(
    r"\bINTO\s+(?:OUT|DUMP)FILE\b|\ACOPY\b.*\b(?:TO|FROM)\s+(?:PROGRAM\b|\?)"
    r"|\bAUTOCOMMIT\s*=",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4_096)
def fingerprint(sql: str) -> str:
    """The statement with ``?`` for each value and ``(?+)`` for each list of them."""
    text = NUMBER.sub("?", PLACEHOLDER.sub("?", without_texts(sql)))
    text = ROWS.sub("(?+)", LIST.sub("(?+)", text))
    if verb(text) in {"SAVEPOINT", "RELEASE", "ROLLBACK"}:
        return verb(text)
    return SPACE.sub(" ", text).strip()[:MOST_CHARACTERS]


def without_texts(sql: str) -> str:
    """``?`` for each text, and no comments."""
    return TEXT_OR_COMMENT.sub(lambda found: "?" if found.group(1) else " ", sql)


def verb(sql: str) -> str:
    """The first word, in capitals; empty for nothing but comments."""
    found = re.match(r"[\s(]*(\w+)", without_texts(sql))
    return found.group(1).upper() if found else ""


def reads(sql: str) -> bool:
    """Whether it asks for rows."""
    return verb(sql) in {"SELECT", "WITH"}


def reads_batches(sql: str) -> bool:
    """Whether it wants the next so many rows; Django asks for one as LIMIT 1, or 21 to be sure."""
    found = LIMIT.search(sql)
    return found is not None and int(found.group(1)) > ONE_ROW


def leaves_transaction(sql: str, *, vendor: str = "") -> bool:
    """Whether it would end the transaction around it; going back to a savepoint does not."""
    endings = ENDINGS | MYSQL_ENDINGS if vendor == "mysql" else ENDINGS
    for statement in without_texts(sql).split(";"):
        word = verb(statement)
        if word in endings or OUTSIDE.search(statement.strip()):
            return True
        if word == "ROLLBACK" and " TO " not in f" {statement.upper()} ":
            return True
    return False


def table_of(sql: str) -> str:
    """The first table that it names; empty where it names none."""
    found = TABLE.search(sql)
    return found.group(1) if found else ""
