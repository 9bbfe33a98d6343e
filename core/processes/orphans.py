"""No process outlives the one that started it."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent_id: int, orphan_signal: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this process the signal when its parent, of that id, is gone."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(orphan_signal))
    if os.getppid() != parent_id:  # it died before we could ask
        os._exit(1)
