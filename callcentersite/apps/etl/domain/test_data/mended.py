"""The dirt that the rules mend: numbers as dialled, codes in any case, notes of all kinds."""

import polars as pl

from .draw import Draw
from .vocabulary import LANGUAGES, MENUS, NOTES

ZERO_DATE = -(2**40)  # stands for 0000-00-00 00:00:00 among the seconds
CUSTOMER_BASE = 100_000
MENDED_LATER_DAYS = 3
LONG_FOLDER = "grabaciones/respaldo/" + "carpeta-larga/" * 8

ANI_STYLES: dict[str | None, int] = {
    "plain": 520, "brackets": 80, "blanks": 40, "52": 60, "+52": 50, "+521": 60, "044": 50,
    "045": 15, "01": 50, "+1305": 10, "+346": 10, "nobody": 35, "junk": 20,
}  # fmt: skip
NOBODY: dict[str | None, int] = {
    "anonymous": 8, "Anonymous": 3, "ANONYMOUS": 3, "": 3, None: 3,
}  # fmt: skip
JUNK: dict[str | None, int] = {
    "*86": 1, "123": 1, "5512345": 1, "00000000": 1, "ANI-ERROR": 1, "sip:soporte@pbx": 1,
    "5512345678;oli=62;isup=0;phone-ctx=mx"[:32]: 1, "9" * 32: 1,
}  # fmt: skip


def add_mended_dirt(calls: pl.LazyFrame, draw: Draw) -> pl.LazyFrame:
    """Give every column its ordinary disorder; the rules accept all of these rows."""
    nobody_answered = pl.when(draw.chance("zero date", 0.3)).then(ZERO_DATE)
    no_agent = pl.when(draw.chance("empty agent", 0.2)).then(pl.lit(""))
    return calls.with_columns(
        ani=ani(draw),
        queue_code=queue_code(draw),
        answered=pl.when("is_answered").then("answered").otherwise(nobody_answered),
        agent_code=pl.when("is_answered").then("agent_code").otherwise(no_agent),
        duration=tolerated_duration(draw),
        wait=pl.when(~draw.chance("wait missing", 0.03)).then("wait"),
        menu_path=draw.pick("menu", MENUS),
        language=draw.pick("language", LANGUAGES),
        customer_id=customer_id(draw),
        recording_file=recording_file(draw),
        notes=draw.pick("notes", NOTES),
        updated=pl.col("updated") + corrected_later(draw),
    )


def ani(draw: Draw) -> pl.Expr:
    digits, style = pl.col("number").cast(pl.String), draw.pick("ani style", ANI_STYLES)
    long_area = ~digits.str.slice(0, 2).is_in(["55", "56", "33", "81"])
    area = pl.when(long_area).then(digits.str.slice(0, 3)).otherwise(digits.str.slice(0, 2))
    rest = pl.when(long_area).then(digits.str.slice(3, 3)).otherwise(digits.str.slice(2, 4))
    last = digits.str.slice(6)
    abroad = style + "2" + digits.str.slice(4, 6)
    return (
        pl.when(style == "plain").then(digits)
        .when(style == "brackets").then(pl.format("({}) {}-{}", area, rest, last))
        .when(style == "blanks").then(pl.format("{} {} {}", area, rest, last))
        .when(style == "+346").then(style + digits.str.slice(2, 8))
        .when(style == "+1305").then(abroad)
        .when(style == "nobody").then(draw.pick("nobody", NOBODY))
        .when(style == "junk").then(draw.pick("junk", JUNK))
        .otherwise(style + digits)
    )  # fmt: skip


def queue_code(draw: Draw) -> pl.Expr:
    code, style = pl.col("queue_code"), draw.below("queue style", 100)
    return (
        pl.when(style < 80).then(code)
        .when(style < 88).then(code.str.to_lowercase())
        .when(style < 96).then(code + "  ")
        .otherwise(code.str.to_lowercase() + " ")
    )  # fmt: skip


def tolerated_duration(draw: Draw) -> pl.Expr:
    """One call in fifty is up to two seconds off, which the rules tolerate."""
    off = pl.when(draw.chance("duration off", 0.02)).then(draw.below("seconds off", 5) - 2)
    return (pl.col("duration") + off.fill_null(0)).clip(0)


def customer_id(draw: Draw) -> pl.Expr:
    known = draw.below("customer", 10, "caller")
    zero = pl.when(draw.chance("customer zero", 0.3)).then(0)
    return pl.when(known < 6).then(CUSTOMER_BASE + pl.col("caller")).otherwise(zero)


def recording_file(draw: Draw) -> pl.Expr:
    """Day and call; some too long for their column, so the IVR cut them."""
    name = pl.format("{}.wav", pl.col("call_id"))
    day = pl.from_epoch(pl.col("started")).dt.strftime("%Y/%m/%d/")
    long = (pl.lit(LONG_FOLDER) + day + name).str.slice(0, 120)
    path = pl.when(draw.chance("long path", 0.003)).then(long).otherwise(day + name)
    return pl.when(pl.col("is_answered") & ~draw.chance("not recorded", 0.1)).then(path)


def corrected_later(draw: Draw) -> pl.Expr:
    """Two rows in a hundred were corrected in place up to three days after the call."""
    seconds = draw.below("corrected after", MENDED_LATER_DAYS * 86_400)
    return pl.when(draw.chance("corrected", 0.02)).then(seconds).otherwise(0)
