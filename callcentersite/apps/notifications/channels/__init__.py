"""The ways by which a message leaves the console: each a module with the same three names."""

from __future__ import annotations

from types import ModuleType

from . import email, sms

CHANNELS: dict[str, ModuleType] = {"email": email, "sms": sms}


def open_channels() -> list[str]:
    """Those that are switched on, and have what they need."""
    return [name for name, channel in CHANNELS.items() if channel.is_open()]
