"""Keys for `PreviousBy`: functions that give a version its place in an order."""

from lastgood._values.keys import Key, numbers

__all__ = ["Key", "numbers"]
