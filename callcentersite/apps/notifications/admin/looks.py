"""Levels and states in words, sign and colour."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from opsconsole.admin.presenters.chips import Chip

from ..models import Delivery, Level, Notification

LEVELS = {
    Level.INFO: ("idle", "○"),
    Level.SUCCESS: ("ok", "✓"),
    Level.WARNING: ("warn", "▲"),
    Level.ERROR: ("bad", "✕"),
}
STATES = {
    Delivery.State.PENDING: ("idle", "○"),
    Delivery.State.SENT: ("ok", "✓"),
    Delivery.State.FAILED: ("bad", "✕"),
    Delivery.State.SKIPPED: ("warn", "⊘"),
}


def level_chip(message: Notification) -> Chip:
    """How much it matters."""
    return Chip(*LEVELS[Level(message.level)], Level(message.level).label)


def state_chip(delivery: Delivery) -> Chip:
    """Where it stands."""
    state = Delivery.State(delivery.state)
    return Chip(*STATES[state], state.label)


def rendered(chip: Chip) -> SafeString:
    """The chip for a list."""
    return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})


def moment(at: object) -> SafeString:
    """When, as the reader's clock had it."""
    local = localtime(at)  # type: ignore[arg-type]
    text = date_format(local, "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)
