"""Reading data that may be damaged: they come back as they are, or are refused with a place."""

import json
from collections.abc import Sequence
from typing import Final

from lastgood import InvalidData, RollbackPlan
from tests.damage.documents import DOCUMENTS

#: What a place may begin with; `data` is the whole.
TOP: Final[dict[str, Sequence[str]]] = {
    "registry": ("format", "events"),
    "plan": tuple(DOCUMENTS["plan"].data),
    "policy": ("where", "first_of", "pinned", "last_stable", "previous", "best_by", "as_of"),
}


def read_or_refused(name: str, data: object) -> object:
    """Return what is read, which must round-trip, or how the data are refused."""
    read = DOCUMENTS[name].read
    try:
        value = read(data)
    except InvalidData as refusal:
        _check(name, refusal)
        return refusal
    written = value.to_dict()
    assert read(json.loads(json.dumps(written))) == value
    assert read(written).to_dict() == written
    if isinstance(value, RollbackPlan):
        assert value.explain().encode()
        assert len(value.explain().splitlines()) <= 25
    return value


def _check(name: str, refusal: InvalidData) -> None:
    """Check what holds for the message about any data: it has a place, and can be shown."""
    message = str(refusal)
    assert message.startswith(f"{refusal.place}: ")
    assert message.startswith(("data", *TOP[name])), message
    assert len(message) < 1_500
    assert message.encode()
