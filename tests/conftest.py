"""What every test has in common."""

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile(
    "lastgood",
    max_examples=40,  # by hand it is a quick look, other each time; a gate tries more
    deadline=None,  # no test asserts on absolute times, so none may fail on a busy machine
    print_blob=True,  # a failure tells how to have it again
)
settings.register_profile(
    "gate",
    settings.get_profile("lastgood"),
    max_examples=100,
    derandomize=True,  # what a gate says depends on the commit alone; by hand it is other each time
)
GATE = "LASTGOOD_GATE" in os.environ
settings.load_profile("gate" if GATE else "lastgood")


def pytest_configure(config: pytest.Config) -> None:
    """In a gate nothing that is ours may use what a dependency deprecates."""
    if GATE:
        ours = r"(lastgood|tests|docs|example_\d+)(\.|$)"
        for kind in ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"):
            config.addinivalue_line("filterwarnings", f"error::{kind}:{ours}")


def pytest_collection_finish() -> None:
    """What was collected lives as long as the run: the garbage collector need not look at it."""
    gc.freeze()
