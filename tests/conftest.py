"""The order of tests, the longest first, so that two processes end at about the same time; Hypothesis's profiles.

``HYPOTHESIS_PROFILE=long pytest tests/properties`` searches by hand, for an hour or more, with random seeds.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=100,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "long", derandomize=False, deadline=None, max_examples=5000, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the wheel, which builds an environment of its own, begin before all others."""
    items.sort(key=lambda item: "wheel" not in item.path.parts)
