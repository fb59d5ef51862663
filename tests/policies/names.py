"""The names of classes in policies."""

import re


def snake(name: str) -> str:
    """Return the name of a class in plain data: ``last_stable`` for ``LastStable``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
