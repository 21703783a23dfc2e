"""Becomes ``manage.py …``, and is told to stop when whoever started it is gone, even by kill -9."""

import ctypes
import os
import signal
import sys
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent.parent / "manage.py"
PR_SET_PDEATHSIG = 1  # Linux, <sys/prctl.h>; it survives the exec


def main(words: list[str]) -> None:
    """Replace this process by ``manage.py`` with those words."""
    parent, *command = words
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):  # it died before we could ask
            sys.exit(1)
    os.execv(sys.executable, [sys.executable, str(MANAGE), *command])


if __name__ == "__main__":
    main(sys.argv[1:])
