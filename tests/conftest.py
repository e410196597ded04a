"""The order of tests: the longest first, so that two processes end at about the same time."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the wheel, which builds an environment of its own, begin before all others."""
    items.sort(key=lambda item: "wheel" not in item.path.parts)
