"""Texts whose UTF-8 bytes were once read as cp1252: «facturaciÃ³n» becomes «facturación»."""

import re

import polars as pl

# Bytes that cp1252 leaves undefined pass through latin1 columns as the control characters.
_CHARACTER = {
    byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
    for byte in range(0x80, 0x100)
}
_BYTE = {character: byte for byte, character in _CHARACTER.items()}
_TAIL = "[" + "".join(re.escape(_CHARACTER[byte]) for byte in range(0x80, 0xC0)) + "]"

# Latin letters, punctuation and emoji: what people type here. More first bytes would catch
# honest Spanish, such as «Ñ¿».
SEQUENCE = f"[ÂÃÄÅ]{_TAIL}|[âï]{_TAIL}{{2}}|ð{_TAIL}{{3}}"
_SEQUENCE = re.compile(SEQUENCE)


def mend(text: str) -> str:
    """Turn each sequence that is valid UTF-8 into its character; leave everything else."""
    return _SEQUENCE.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    text = match[0]
    try:
        return bytes(_BYTE[character] for character in text).decode("utf-8")
    except UnicodeDecodeError:
        return text


def mended(text: pl.Expr) -> pl.Expr:
    """The column, mended where it needs it: few rows do, and only they meet Python."""
    return text.map_batches(_mend_column, return_dtype=pl.String)


def _mend_column(column: pl.Series) -> pl.Series:
    broken = column.str.contains("[ÂÃÄÅâïð]").fill_null(False)
    if not broken.any():
        return column
    positions = broken.arg_true()
    return column.scatter(positions, [mend(text) for text in column.gather(positions)])
