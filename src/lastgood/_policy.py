"""Reading policies: plain data that stand for strategies and rules.

The rules of this module:

1. A name is looked up in one table, our own and what the caller gave. Nothing is imported or
   evaluated by name.
2. What a parameter may be is what the class says of it: its type, then its converter.
3. Whatever is wrong with the data is `InvalidData`, at its place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any, Final, TypeAlias, cast

from lastgood._data import items_of, read_list, within
from lastgood._errors import InvalidData
from lastgood._parameters import Parameter, PlacedReader, parameters_of, tried
from lastgood._show import listed, shortened, shown
from lastgood._written import BY_HAND, WHERE, is_starred, name_in_data, ours
from lastgood.rules import Rule
from lastgood.strategies import RollbackStrategy

#: What takes part in policies: a class to make, or a function that is a rule.
Extra: TypeAlias = Callable[..., object]

#: Data are refused that are nested deeper, or hold more, than a person or a program would write.
_DEEPEST: Final = 100
_MOST: Final = 100_000
#: Of a name that is not known, so many characters are compared with those that are.
_LONGEST: Final = 80


def strategy_from_dict(
    data: object, *, extra: Iterable[Extra] | Mapping[str, Extra] = ()
) -> RollbackStrategy:
    """Return the strategy that `RollbackStrategy.to_dict` wrote.

    By hand, ``"last_stable"`` may stand for ``{"last_stable": {}}``, and ``{"pinned": "v1.4"}`` for
    ``{"pinned": {"version": "v1.4"}}``: what is no object is the one parameter that is needed.

    Args:
        data: The strategy as plain data.
        extra: Strategies and rules of your own that may occur in it: attrs classes with plain
            parameters, classes with a method ``to_parameters()`` that returns as plain data what
            their constructor takes, and functions that are rules; or a mapping from the names that
            they have in the data. Nothing is found by its name alone.

    Raises:
        InvalidData: Something is wrong with the data; the message begins with the place.
        TypeError: Something in ``extra`` cannot be read from data.
        ValueError: A name in ``extra`` is taken.

    >>> from lastgood import strategy_from_dict
    >>> strategy_from_dict({"first_of": [{"pinned": {"version": "v1.4"}}, {"last_stable": {}}]})
    FirstOf(Pinned('v1.4'), LastStable())
    """
    known: dict[str, Extra] = {**ours(), **_others(extra)}
    _refuse_vast(data)
    return _Policies(known).strategy(data, "")


class _Policies:
    """Reads strategies and rules, which are known by these names."""

    __slots__ = ("_known",)

    _known: Mapping[str, Extra]

    def __init__(self, known: Mapping[str, Extra]) -> None:
        self._known = known

    def strategy(self, data: object, place: str) -> RollbackStrategy:
        """Read a strategy, with its rules."""
        given = _named(data, place, "strategy")
        where, rules = within(place, WHERE), given.pop(WHERE, [])
        strategy = cast("RollbackStrategy", self._thing(given, place, "strategy"))
        asked = enumerate(read_list(rules, where))
        return strategy.where(*[self.rule(rule, f"{where}[{index}]") for index, rule in asked])

    def rule(self, data: object, place: str) -> Rule:
        """Read a rule."""
        return cast("Rule", self._thing(_named(data, place, "rule"), place, "rule"))

    def _thing(self, given: dict[str, object], place: str, what: str) -> object:
        if len(given) != 1:
            names = listed([*given]) or "none"
            hint = _where_meant(given) if what == "strategy" else ""
            raise InvalidData(
                place or "data", f"expected the name of one {what}, not {names}{hint}"
            )
        ((name, arguments),) = given.items()
        return self._made(self._found(name, place or "data", what), arguments, within(place, name))

    def _found(self, name: str, place: str, what: str) -> Extra:
        found = self._known.get(name)
        if found is None:
            names = [each for each in self._known if _what(self._known[each]) == what]
            hint = _hint(name, names, f"{listed(names, len(names))}, and what extra= names")
            raise InvalidData(place, f"unknown {what} {shown(name)}; {hint}")
        if _what(found) != what:
            raise InvalidData(place, f"{name!r} is a {_what(found)}, and here stands a {what}")
        return found

    def _made(self, found: Extra, arguments: object, place: str) -> object:
        """Return the strategy or rule that a class makes of the arguments."""
        if not isinstance(found, type):
            if _object(arguments, place, "an empty object"):
                raise InvalidData(place, "a function takes no parameters: write {}")
            return found
        if hasattr(found, BY_HAND):
            return tried(place, found, **_object(arguments, place, "an object of parameters"))
        values = self._values(parameters_of(found), arguments, place)
        if not is_starred(found):
            return tried(place, found, **values)
        several: tuple[object, ...] = values.popitem()[1]
        for index, each in enumerate(several):
            _ = tried(f"{place}[{index}]", found, each)  # What takes several takes one.
        return tried(place, found, *several)

    def _values(
        self, parameters: Mapping[str, Parameter], arguments: object, place: str
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, (value, there) in _given(parameters, arguments, place).items():
            if name not in parameters:
                known = listed([*parameters], len(parameters)) or "none"
                beside = f"{WHERE!r} stands beside the name of the strategy"
                hint = beside if name == WHERE else _hint(name, parameters, known)
                raise InvalidData(place, f"unknown parameter {shown(name)}; {hint}")
            things: dict[object, PlacedReader] = {RollbackStrategy: self.strategy, Rule: self.rule}
            values[name] = parameters[name].read(value, there, things)
        for name, parameter in parameters.items():
            if parameter.needed and name not in values:
                raise InvalidData(within(place, name), "the parameter is missing")
        return values


def _given(
    parameters: Mapping[str, Parameter], arguments: object, place: str
) -> dict[str, tuple[object, str]]:
    """Return the arguments by name, with their places.

    What is no object stands for the one parameter that is needed.
    """
    needed = [name for name, parameter in parameters.items() if parameter.needed]
    if len(needed) == 1 and not isinstance(arguments, dict):
        return {needed[0]: (arguments, place)}
    given = _object(cast("Any", arguments), place, "an object of parameters")
    return {name: (value, within(place, name)) for name, value in given.items()}


def _named(data: object, place: str, what: str) -> dict[str, object]:
    """Return an object with the names of things; a name alone needs no parameters."""
    if isinstance(data, str):
        return {str.__str__(data): {}}
    return _object(data, place or "data", f"a {what}, an object with its name")


def _object(data: object, place: str, what: str) -> dict[str, object]:
    """Return a copy of an object, which has exact texts for keys."""
    if not isinstance(data, dict):
        raise InvalidData(place, f"expected {what}, not {shown(data)}")
    given: dict[str, object] = {}
    for key, value in items_of(cast("object", data)):
        if not isinstance(key, str):
            raise InvalidData(place, f"expected a name, not {shown(key)}")
        given[str.__str__(key)] = value
    return given


def _where_meant(given: Iterable[str]) -> str:
    """Return a hint where a name looks like the one that the rules stand under."""
    names = (shortened(name, _LONGEST) for name in given)
    close = next((name for name in names if get_close_matches(name, [WHERE])), None)
    return "" if close is None else f"; did you mean {WHERE!r} by {shown(close)}?"


def _hint(name: str, names: Iterable[str], known: str) -> str:
    close = get_close_matches(shortened(name, _LONGEST), [*names])
    return f"did you mean {listed(close)}?" if close else f"there are {known}"


def _what(thing: Extra) -> str:
    is_strategy = isinstance(thing, type) and issubclass(thing, RollbackStrategy)
    return "strategy" if is_strategy else "rule"


def _others(extra: Iterable[Extra] | Mapping[str, Extra]) -> dict[str, Extra]:
    """Return what the caller gave by the names that it has in data, checked."""
    if isinstance(extra, type) or callable(extra):
        raise TypeError("extra is several classes or functions: write extra=[...]")
    others: dict[str, Extra] = {}
    for name, thing in _pairs(extra):
        if name in others or name in ours() or name == WHERE:
            raise ValueError(f"extra: the name {name!r} is taken: write extra={{name: ...}}")
        others[name] = _checked(thing)
    return others


def _pairs(extra: Iterable[Extra] | Mapping[str, Extra]) -> Iterator[tuple[str, Extra]]:
    if isinstance(extra, Mapping):
        yield from cast("Mapping[str, Extra]", extra).items()
    else:
        yield from ((_own_name(thing), thing) for thing in extra)


def _own_name(thing: Extra) -> str:
    if not isinstance(getattr(thing, "__name__", None), str):
        raise TypeError(f"extra: {shown(thing)} has no name: write extra={{name: ...}}")
    return name_in_data(thing)


def _checked(thing: Extra) -> Extra:
    """Return the thing; `TypeError` where it cannot be made from data."""
    if not callable(thing):
        raise TypeError(f"extra: expected classes and functions, not {shown(thing)}")
    if isinstance(thing, type):
        if _what(thing) == "rule" and not any("__call__" in vars(each) for each in thing.__mro__):
            raise TypeError(f"extra: {thing.__name__} is neither a strategy nor a rule")
        _check_parameters(thing)
    return thing


def _check_parameters(found: type) -> None:
    if hasattr(found, BY_HAND):
        return
    try:
        _ = parameters_of(found)
    except (TypeError, NameError) as error:
        raise TypeError(
            f"extra: {found.__name__} cannot be made from data, {error}: "
            f"give it a method {BY_HAND}() that returns what it takes, as plain data"
        ) from error


def _refuse_vast(data: object) -> None:
    """Raise `InvalidData` where the data are too deep or too many to be read, or have no end."""
    level, count = [data], 1
    for _ in range(_DEEPEST):
        level = [*islice(chain.from_iterable(map(_inside, level)), _MOST)]
        count += len(level)
        if count > _MOST:
            raise InvalidData("data", f"holds more than {_MOST:,} values")
        if not level:
            return
    raise InvalidData("data", f"is nested more than {_DEEPEST} deep")


def _inside(data: object) -> Iterator[object]:
    if isinstance(data, dict):
        yield from (value for _, value in items_of(cast("object", data)))
    elif isinstance(data, list):
        yield from read_list(cast("object", data), "")
