"""What every test has in common."""

from hypothesis import settings

settings.register_profile(
    "lastgood",
    deadline=None,  # no test asserts on absolute times, so none may fail on a busy machine
    print_blob=True,  # a failure tells how to have it again
)
settings.load_profile("lastgood")
