"""The rejecting rules of the ETL in plain Python, a row at a time: what the samples are judged by.

Written from the table in the design, not from the code, so that the two can disagree.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MEXICO = ZoneInfo("America/Mexico_City")
DISPOSITIONS = {
    "ANSWERED", "ABANDONED", "NO_ANSWER", "BUSY", "FAILED", "TRANSFERRED", "VOICEMAIL",
}  # fmt: skip


def instant(text):
    """UTC; None for NULL, a zero date and a local time that never was; the later of two."""
    if text is None or text.startswith("0000"):
        return None
    local = datetime.fromisoformat(text).replace(tzinfo=MEXICO, fold=1)
    utc = local.astimezone(UTC)
    exists = utc.astimezone(MEXICO).replace(tzinfo=None) == local.replace(tzinfo=None)
    return utc if exists else None


def reasons(row, queues):
    started, answered, ended = (
        instant(row[name]) for name in ("started_at", "answered_at", "ended_at")
    )
    found = set()
    if started is None:
        found.add("started_missing")
    if ended is None:
        found.add("ended_missing")
    if started and ended and ended < started:
        found.add("ended_before_started")
    if row["disposition"] in ("ANSWERED", "TRANSFERRED") and answered is None:
        found.add("answered_missing")
    if answered and ((started and answered < started) or (ended and answered > ended)):
        found.add("answered_out_of_range")
    duration = row["duration_s"]
    if duration is None or not 0 <= duration <= 86_400:
        found.add("duration_invalid")
    known = None not in (started, ended, duration)
    if known and abs((ended - started).total_seconds() - duration) > 2:
        found.add("duration_mismatch")
    if (row["queue_code"] or "").strip().upper() not in queues:
        found.add("queue_unknown")
    if row["disposition"] not in DISPOSITIONS:
        found.add("disposition_unknown")
    return found
