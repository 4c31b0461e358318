"""What all tests share. Nothing here may need Django: the core is tested without."""

import os

import pytest
from hypothesis import settings

# A short profile that finds the same every time, and a long one that looks further (`make soak`).
settings.register_profile("default", max_examples=36, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Offer the database where Django is tested; it starts with the first test that asks for it."""
    if config.pluginmanager.hasplugin("django"):
        config.pluginmanager.import_plugin("tests.database")
