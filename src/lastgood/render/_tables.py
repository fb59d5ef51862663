"""How versions, events and deployments show themselves in a notebook: as tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, cast

from lastgood._basics.messages import brief
from lastgood._values.version import Version
from lastgood.render._html import table
from lastgood.render._layout import LAST, counted


class _Recorded(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


#: What a table calls a key of the plain data.
_NAMES: Final[Mapping[str, str]] = {
    "at": "at (UTC)",
    "ended_at": "ended (UTC)",
    "registered_at": "registered (UTC)",
    "deployed_at": "last deployed (UTC)",
}


def version(known: Version) -> str:
    """Return what is known of a version, a fact in each row."""
    data = known.to_dict()
    told = {"status": known.status_text}
    told |= {key: _cell(key, data[key]) for key in ("digest", "metadata", "registered_at")}
    told |= {"deployed": counted(known.times_deployed, "time")}
    told |= {"deployed_at": _cell("deployed_at", data["deployed_at"])}
    return table(known.label, ("", ""), _named(told))


def facts(recorded: object) -> str:
    """Return an event or a deployment, a fact in each row."""
    data = cast("_Recorded", recorded).to_dict()
    caption = f"{_cell('kind', data['kind'])}: {data['version']}"
    rest = {key: value for key, value in data.items() if key not in {"kind", "version"}}
    return table(caption, ("", ""), _named({key: _cell(key, each) for key, each in rest.items()}))


def rows(recorded: Sequence[object]) -> str:
    """Return events or deployments, one in each row, the latest ones, oldest first."""
    first = max(0, len(recorded) - LAST)
    shown = [cast("_Recorded", each).to_dict() for each in recorded[first:]]
    caption = f"The last {LAST} of {len(recorded):,}" if first else f"{len(recorded):,} on record"
    keys = [
        *dict.fromkeys(key for data in shown for key, value in data.items() if _cell(key, value))
    ]
    names = (_NAMES.get(key, key) for key in keys)
    return table(caption, ("", *names), _rows(shown, keys, first))


def _named(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the facts that there are, with their names."""
    yield from ((_NAMES.get(key, key), fact) for key, fact in told.items() if fact)


def _rows(
    shown: Sequence[Mapping[str, Any]], keys: Sequence[str], first: int
) -> Iterator[tuple[str, ...]]:
    for number, data in enumerate(shown, first + 1):
        yield (f"{number:,}", *(_cell(key, data.get(key)) for key in keys))


def _cell(key: str, value: object) -> str:
    """Return a value as people read it, on one line."""
    if value is None or value is False:
        return ""
    if isinstance(value, dict):
        known = cast("dict[str, object]", value)
        return brief(", ".join(f"{name}={each!r}" for name, each in known.items()))
    if key in _NAMES:
        return str(value)[:16].replace("T", " ")
    if key == "kind":
        return str(value).replace("_", " ")
    return "yes" if value is True else brief(str(value))
