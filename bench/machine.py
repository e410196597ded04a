"""Where a bench was measured: processor, cores, system and versions."""

import os
import platform
from pathlib import Path
from typing import Any

from hedgerow.runs.identity import code_version, versions

CPUINFO = Path("/proc/cpuinfo")


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the model of the processor, or what is known of it."""
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), "") or platform.processor() or platform.machine() or "unknown"


def load() -> float | None:
    """Return how many processes wanted a processor in the last minute, where that is known."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def machine() -> dict[str, Any]:
    """Return what a reader needs to judge the figures."""
    return {
        "cores": cores(),
        "processor": processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": load(),
        "hedgerow": code_version(),
        "versions": versions(),
    }
