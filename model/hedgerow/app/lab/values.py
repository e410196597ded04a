"""Values of controls: how a file writes them, and in what steps they move."""

import json
from datetime import date

from hedgerow.disk.plain import escaped


def step(low: float, high: float) -> float:
    """Return the step of a range: near a hundredth of it, and round."""
    wide = (high - low) / 100
    for power in range(-6, 6):
        for digit in (1, 2, 5):
            size = digit * 10.0**power
            if size >= wide * 0.999:
                return round(size, 6)
    return wide


def toml(value: object) -> str:
    """Return a value as a scenario file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    if isinstance(value, str):
        return escaped(json.dumps(value, ensure_ascii=False))
    return f"{value:.10g}" if isinstance(value, float) else str(value)
