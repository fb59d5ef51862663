"""A mapping of versions in the order of registration, whose views can be reversed."""

from abc import abstractmethod
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView

from typing_extensions import override

from lastgood._values.version import Version


class Ordered(Mapping[str, Version]):
    """A mapping from label to `Version`, in the order of registration."""

    __slots__ = ()

    @abstractmethod
    def __reversed__(self) -> Iterator[str]:
        """Yield the labels, the latest registered first."""

    @override
    def keys(self) -> "Labels":
        """Return the labels, in the order of registration."""
        return Labels(self)

    @override
    def values(self) -> "Versions":
        """Return the versions, in the order of registration."""
        return Versions(self)

    @override
    def items(self) -> "Items":
        """Return the labels with their versions, in the order of registration."""
        return Items(self)


class Labels(KeysView[str]):
    """The labels of a registry."""

    __slots__ = ()

    _mapping: "Ordered"

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._mapping)


class Versions(ValuesView[Version]):
    """The versions of a registry."""

    __slots__ = ()

    _mapping: "Ordered"

    def __reversed__(self) -> Iterator[Version]:
        return map(self._mapping.__getitem__, reversed(self._mapping))


class Items(ItemsView[str, Version]):
    """The labels of a registry with their versions."""

    __slots__ = ()

    _mapping: "Ordered"

    def __reversed__(self) -> Iterator[tuple[str, Version]]:
        return ((label, self._mapping[label]) for label in reversed(self._mapping))
