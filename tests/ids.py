"""Names of parametrised tests that are the same in every process that runs a part of them."""

import re


def shown(value: object) -> str:
    """Return the `repr` of a value without the addresses of objects."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
