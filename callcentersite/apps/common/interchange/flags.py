"""Columns that say yes or no."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

YES = frozenset({"true", "si", "sí", "yes", "1", "verdadero"})
NO = frozenset({"false", "no", "0", "falso"})


def boolean_text(text: str) -> str:
    """Yes or no in the one form; ValueError, with the sentence, for any other word."""
    word = text.strip().casefold()
    if word not in YES | NO:
        raise ValueError(_("«%(value)s» no es true ni false.") % {"value": text})
    return flag_text(word in YES)


def flag_text(flag: bool) -> str:
    """A flag as an export writes it."""
    return "true" if flag else "false"


def bring_to_form(values: dict[str, str], columns: Iterable[str]) -> Iterator[str]:
    """Write each as ``true`` or ``false``; yield what is wrong with those that say neither."""
    for column in columns:
        if values[column] in ("true", "false"):
            continue
        try:
            values[column] = boolean_text(values[column])
        except ValueError as error:
            yield _("%(column)s: %(text)s") % {"column": column, "text": error}
