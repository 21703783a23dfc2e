"""Bytes, as people read them."""

UNITS = ("B", "KB", "MB", "GB", "TB")


def in_words(size: int) -> str:
    """``85 MB`` · ``1.2 MB`` · ``640 B``: one decimal below ten."""
    value, unit = float(max(size, 0)), UNITS[0]
    for unit in UNITS:
        if value < 999.5 or unit == UNITS[-1]:
            break
        value /= 1000
    if unit == "B" or value >= 9.95:
        return f"{round(value)} {unit}"
    return f"{value:.1f} {unit}"
