"""What Python says of a text that is not a time: the words differ between its releases."""

from datetime import datetime

import pytest


def said_by_python(text: str) -> str:
    """Return why this release of Python refuses a text as a time."""
    with pytest.raises(ValueError, match=r".") as refusal:
        _ = datetime.fromisoformat(text)
    return str(refusal.value)
