"""A strategy that goes back to what served at a moment."""

from collections.abc import Iterator
from datetime import datetime
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.errors import InvalidTime
from lastgood._basics.frozen import named
from lastgood._basics.times import moment
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood.strategies.base import RollbackStrategy


def _when(value: datetime | str) -> datetime:
    return moment(value, "when")


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class AsOf(RollbackStrategy, Coded):
    """Go back to the version that served at a moment: "as it was yesterday at noon".

    Follows the deployment order, by the recorded times; see `VersionRegistry.current_at`. Accepts
    the version whether stable or unproven. If it is not known what served then, if nothing did, or
    if the current version did, it proposes nothing: ``AsOf(when) | LastStable()`` goes on.

    Args:
        when: The moment: a `datetime` with a time zone, or ISO 8601 text with an offset.

    Raises:
        InvalidTime: The moment has no time zone, or is out of range in UTC.
        TypeError: The moment is neither a `datetime` nor a `str`.
        ValueError: The text is not an ISO 8601 time with an offset.

    >>> from datetime import UTC, datetime
    >>> from lastgood import AsOf, VersionRegistry
    >>> registry = VersionRegistry().register("1").deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
    >>> registry = registry.register("2").deploy("2", at=datetime(2026, 5, 3, tzinfo=UTC))
    >>> AsOf("2026-05-02T12:00:00+00:00").plan(registry, leaving="2").target
    '1'
    """

    when: datetime = attrs.field(converter=_when)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        try:
            served = registry.current_at(self.when)
        except InvalidTime as error:
            yield Candidate.reject(current, str(error))
            return
        if served is None:
            yield Candidate.reject(current, reasons.nothing_served_at(self.when))
        elif served == current.label:
            yield Candidate.reject(current, reasons.current_served_at(self.when))
        elif registry[served].status.is_bad:
            yield Candidate.reject(registry[served])
        else:
            version = registry[served]
            yield Candidate.accept(version, reasons.served_at(self.when, version.status_text))
