"""A bound on the memory of this process, where the system has one."""

from __future__ import annotations

import platform
import resource


def limit_memory(most: int) -> bool:
    """Give this process at most so many bytes of address space; whether it is so from now on.

    macOS refuses any bound below what its shared libraries map into every process, some hundred
    gigabytes.  There the limits of time are what ends a bad file.
    """
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ValueError, OSError):
        if platform.system() == "Linux":
            raise
        return False
    return True
