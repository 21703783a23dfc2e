"""Times as files write them: local to some zone, or with their own offset."""

import polars as pl

# 2026-10-05 09:00[:00[.5]], with T for the blank, and Z, -06, -0600 or -06:00 behind it.
WRITTEN = (
    r"^\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?(?:[.,]\d+)?"
    r"\s*([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*$"
)
ZERO_DATE = r"^\s*0000-00-00"
FIRST_YEAR, LAST_YEAR = 1970, 2200
FARTHEST_MINUTES = 14 * 60


def instant(text: pl.Expr, *, zone: str) -> pl.Expr:
    """The instant in UTC, whole seconds; a text without an offset is local time of ``zone``.

    NULL for what is no time, or one that no clock of the zone ever showed; of two the later.
    """
    local, offset = _local(text), _offset_minutes(text)
    told = (local - pl.duration(minutes=offset)).dt.replace_time_zone("UTC")
    zoned = local.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    return pl.when(offset.is_null()).then(zoned.dt.convert_time_zone("UTC")).otherwise(told)


def is_unreadable(text: pl.Expr) -> pl.Expr:
    """Whether something stands there that is no time; nothing, and a zero date, are nothing."""
    says_nothing = text.is_null() | text.str.contains(r"^\s*$") | text.str.contains(ZERO_DATE)
    return ~says_nothing & _local(text).is_null()


def _local(text: pl.Expr) -> pl.Expr:
    """What the clock on the wall showed; NULL where it is none of this age, or its offset is."""
    parts = text.str.extract_groups(WRITTEN)
    day, minute, second = (parts.struct.field(name) for name in "123")
    written = pl.concat_str(day, pl.lit(" "), minute, second.fill_null(":00"))
    local = written.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    offset = _offset_minutes(text)
    is_near = offset.is_null() | (offset.abs() <= FARTHEST_MINUTES)
    return pl.when(local.dt.year().is_between(FIRST_YEAR, LAST_YEAR) & is_near).then(local)


def _offset_minutes(text: pl.Expr) -> pl.Expr:
    """Minutes ahead of UTC, as the text says; NULL: it does not."""
    zone = text.str.extract_groups(WRITTEN).struct.field("4")
    digits = zone.str.replace_all(r"\D", "")
    hours = digits.str.slice(0, 2).cast(pl.Int64, strict=False)
    minutes = digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    ahead = pl.when(zone.str.to_uppercase() == "Z").then(0).otherwise(sign * (60 * hours + minutes))
    return pl.when(zone.is_not_null()).then(ahead)
