"""The registries that are measured: many versions, each registered, deployed, and proved good."""

from collections.abc import Sequence

from lastgood import VersionRegistry


def label_of(number: int) -> str:
    """Return the label of the version of this number: a release, higher than those before it."""
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def labels(size: int, start: int = 0) -> list[str]:
    """Return so many labels, the lowest first."""
    return [label_of(number) for number in range(start, start + size)]


def built(names: Sequence[str]) -> VersionRegistry:
    """Return a registry of these versions, each with three events, one command at a time."""
    registry = VersionRegistry()
    for name in names:
        registry = registry.register(name).deploy(name).mark_stable(name)
    return registry


class Growing:
    """A registry of about this size, at its newest revision, that commands extend.

    Extending an older revision would copy, which is measured by itself.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._begin()

    def _begin(self) -> None:
        self.registry = built(labels(self.size))
        self._made = self.size

    def fresh(self, number: int) -> list[str]:
        """Return the labels of so many new versions, registered; begin again where it got large."""
        if self._made > 1.1 * self.size + 20:
            self._begin()
        names = labels(number, self._made)
        self._made += number
        for name in names:
            self.registry = self.registry.register(name)
        return names
