"""``python -m callcentersite.demo``, with ``PORT`` and ``SERVE`` from the environment."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

from .conditions import HOST, use_development_settings
from .signals import Signals, Stopped


def main() -> int:
    """Set Django up and play the show; return the exit status."""
    signals = Signals()
    port = os.environ.get("PORT") or "8000"
    use_development_settings()
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("Q_LOG_LEVEL", "WARNING")
    try:
        django.setup()
        from .show import Show  # its imports need the apps

        return Show(signals, port=port, serves=os.environ.get("SERVE") != "0").play()
    except ImproperlyConfigured as error:
        print(f"ERROR: {error}")
        return 1
    except Stopped:
        return 128 + signals.number


if __name__ == "__main__":
    raise SystemExit(main())
