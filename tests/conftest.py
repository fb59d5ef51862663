"""What every test has in common."""

import os

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
settings.load_profile("gate" if "LASTGOOD_GATE" in os.environ else "lastgood")
