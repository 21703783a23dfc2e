"""What MariaDB's ``SHOW GRANTS`` says a user may do to one database."""

import re

GRANT = re.compile(r"GRANT (?P<rights>.+?) ON (?P<database>\S+?)\.(?P<table>\S+) TO ", re.DOTALL)
READING = frozenset({"USAGE", "SELECT", "SHOW VIEW", "LOCK TABLES", "SHOW DATABASES", "PROCESS",
                     "EXECUTE", "REFERENCES", "BINLOG MONITOR", "SLAVE MONITOR"})  # fmt: skip


def writing_rights(grants: list[str], *, database: str) -> set[str]:
    """The rights, on this database or on all, that go beyond reading; empty for a reader."""
    return {
        right
        for grant in grants
        if (found := GRANT.match(grant)) and concerns(found["database"], database)
        for right in rights_of(found["rights"])
        if right not in READING
    }


def concerns(granted: str, database: str) -> bool:
    """Whether a grant on ``granted`` covers the database; a pattern is taken to cover it."""
    name = granted.strip("`").replace("\\", "")
    return name in ("*", database) or "%" in name


def rights_of(text: str) -> list[str]:
    """``SELECT, INSERT (a, b)`` → SELECT, INSERT."""
    return [right.strip() for right in re.sub(r"\([^)]*\)", "", text).split(",")]
