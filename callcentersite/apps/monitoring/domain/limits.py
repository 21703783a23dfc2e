"""From where on it is too much: what docs/reference.md tells, and nothing else decides."""

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0

# Something waits in the queue for so long, or so much of it does.
WAIT_SECONDS = (5 * MINUTE, 30 * MINUTE)
WAITING = (100, 1_000)

# The last load is older than so many times the usual, and a quarter of an hour.
STALE_FACTORS = (2.0, 4.0)
STALE_MARGIN_SECONDS = 15 * MINUTE
# Loads by hand, minutes apart, are no promise of one every minute.
LEAST_GAP_SECONDS = HOUR
# Where nobody knows what is usual yet.
DEFAULT_GAP_SECONDS = DAY

# The rejected share is more than so many times the usual, and so many points above.
REJECTED_FACTORS = (2.0, 4.0)
REJECTED_MARGINS = (0.02, 0.10)
REJECTED_SHARES = (0.20, 0.50)  # where nobody knows what is usual yet

# Operations that have failed and not recovered; runs whose worker vanished.
BROKEN = (1, 3)
LOST = (1, 3)

# A programme is behind its time; runs that never came.
OVERDUE_SECONDS = (5 * MINUTE, HOUR)
MISSED = (1, 3)

DISK_SHARES = (0.85, 0.95)

# A table grows so many times as fast as usual, and by so many rows a day more.
GROWTH_FACTORS = (5.0, 20.0)
GROWTH_ROWS = (100_000, 1_000_000)

UNREAD = (1, 10)

# In a day; a longer period may have more, a shorter one may not have fewer.
FAILED_LOGINS = (100, 1_000)
LOCKED = (3, 20)
