"""Reading policies: plain data that stand for strategies and rules.

The rules of this module:

1. A name is looked up in one table of our own names and those that the caller gave. Nothing is
   imported or evaluated by name.
2. The class says what a parameter may be: its type, then its converter.
3. Whatever is wrong with the data raises `InvalidData` with its place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any, Final, TypeAlias, cast

from lastgood._basics.code import Coded
from lastgood._basics.data import items_of, read_list, within
from lastgood._basics.errors import InvalidData
from lastgood._basics.frozen import named
from lastgood._basics.messages import listed, shortened, shown
from lastgood._policies.parameters import Parameter, PlacedReader, parameters_of, tried
from lastgood._policies.writing import BY_HAND, WHERE, is_starred, name_in_data, our_keys, ours
from lastgood.keys import Key
from lastgood.rules import Rule
from lastgood.strategies import LastStable, RollbackStrategy

#: What can be named in policies: a class of strategies or rules, a rule, or a key function.
Extra: TypeAlias = Callable[..., object]

#: Data that are nested deeper, or hold more values, than a person or a program would write are
#: refused.
_DEEPEST: Final = 100
_MOST: Final = 100_000
#: The role of a function that orders versions.
_KEY: Final = "key function"
#: How many characters of an unknown name are compared with the known ones.
_LONGEST: Final = 80


@named("lastgood")
def strategy_from_dict(
    data: object, *, extra: Iterable[Extra] | Mapping[str, Extra] = ()
) -> RollbackStrategy:
    """Return the strategy that `RollbackStrategy.to_dict` wrote.

    By hand, ``"last_stable"`` and ``{"last_stable": None}`` may stand for ``{"last_stable": {}}``,
    and ``{"pinned": "v1.4"}`` for ``{"pinned": {"version": "v1.4"}}``: a value that is not an
    object is the one required parameter.

    Args:
        data: The strategy as plain data.
        extra: Your own strategies, rules and key functions that the data may name: attrs classes
            with plain parameters, classes with a method ``to_parameters()`` that returns the
            arguments of the class as plain data, and functions. Give a list, or a mapping from
            their names in the data. Nothing is imported by its name.

    Raises:
        InvalidData: Something is wrong with the data; the message begins with the place.
        TypeError: An element of ``extra`` cannot be made from data.
        ValueError: A name in ``extra`` is taken.

    >>> from lastgood import strategy_from_dict
    >>> strategy_from_dict({"first_of": [{"pinned": {"version": "v1.4"}}, {"last_stable": {}}]})
    Pinned('v1.4') | LastStable()
    """
    known: dict[str, Extra] = {**ours(), **_others(extra)}
    _refuse_vast(data)
    return _Policies(known).strategy(data, "")


class _Policies:
    """Reads strategies, rules and key functions that are known by these names."""

    __slots__ = ("_known",)

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
        rule = cast("Rule", self._thing(_named(data, place, "rule"), place, "rule"))
        _ = tried(place, LastStable().where, rule)  # Its place is known only here.
        return rule

    def key(self, data: object, place: str) -> Key:
        """Read a key function."""
        return cast("Key", self._thing(_named(data, place, _KEY), place, _KEY))

    def _thing(self, given: dict[str, object], place: str, what: str) -> object:
        if len(given) != 1:
            names = listed([*given]) or "an empty object"
            hint = _where_meant(given) if what == "strategy" else ""
            problem = f"expected an object with exactly one {what} name, got {names}{hint}"
            raise InvalidData(place or "data", problem)
        ((name, arguments),) = given.items()
        return self._made(self._found(name, place or "data", what), arguments, within(place, name))

    def _found(self, name: str, place: str, what: str) -> Extra:
        found = self._known.get(name)
        if found is None:
            names = [each for each in self._known if what in _roles(self._known[each])]
            known = f"{listed(names, len(names))}, or a name given in extra="
            raise InvalidData(place, f"unknown {what} {shown(name)}; {_hint(name, names, known)}")
        if what not in _roles(found):
            raise InvalidData(place, f"{name!r} is a {_roles(found)[0]}; expected a {what}")
        return found

    def _made(self, found: Extra, arguments: object, place: str) -> object:
        """Return the strategy or rule that a class makes of the arguments."""
        if not isinstance(found, type):
            if _arguments(arguments, place):
                raise InvalidData(place, "a function takes no parameters: write {}")
            return found
        if hasattr(found, BY_HAND):
            return tried(place, found, **_arguments(arguments, place))
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
                known = listed([*parameters], len(parameters)) or "no parameters"
                beside = f"write {WHERE!r} beside the name of the strategy"
                hint = beside if name == WHERE else _hint(name, parameters, known)
                raise InvalidData(place, f"unknown parameter {shown(name)}; {hint}")
            things: dict[object, PlacedReader] = {
                RollbackStrategy: self.strategy,
                Rule: self.rule,
                Key: self.key,
            }
            values[name] = parameters[name].read(value, there, things)
        for name, parameter in parameters.items():
            if parameter.needed and name not in values:
                raise InvalidData(within(place, name), "the parameter is missing")
        return values


def _given(
    parameters: Mapping[str, Parameter], arguments: object, place: str
) -> dict[str, tuple[object, str]]:
    """Return the arguments by name, with their places.

    A value that is not an object is the one required parameter. An empty value stands for none.
    """
    needed = [name for name, parameter in parameters.items() if parameter.needed]
    if len(needed) == 1 and arguments is not None and not isinstance(arguments, dict):
        return {needed[0]: (arguments, place)}
    given = _arguments(cast("Any", arguments), place)
    return {name: (value, within(place, name)) for name, value in given.items()}


def _arguments(data: object, place: str) -> dict[str, object]:
    """Return an object of parameters. YAML's empty value, ``last_stable:``, is an empty one."""
    return {} if data is None else _object(data, place, "an object of parameters")


def _named(data: object, place: str, what: str) -> dict[str, object]:
    """Return an object with a name; a bare name stands for no parameters."""
    if isinstance(data, str):
        return {str.__str__(data): {}}
    return _object(data, place or "data", f"a {what}: its name, or an object with its name")


def _object(data: object, place: str, what: str) -> dict[str, object]:
    """Return a copy of an object, with exact texts for keys."""
    if not isinstance(data, dict):
        raise InvalidData(place, f"must be {what}, not {shown(data)}")
    given: dict[str, object] = {}
    for key, value in items_of(cast("object", data)):
        if not isinstance(key, str):
            raise InvalidData(place, f"a name must be a text, not {shown(key)}")
        given[str.__str__(key)] = value
    return given


def _where_meant(given: Iterable[str]) -> str:
    """Return a hint if one of the names looks like the key of the rules."""
    names = (shortened(name, _LONGEST) for name in given)
    close = next((name for name in names if get_close_matches(name, [WHERE])), None)
    return "" if close is None else f"; did you mean {WHERE!r} by {shown(close)}?"


def _hint(name: str, names: Iterable[str], known: str) -> str:
    close = get_close_matches(shortened(name, _LONGEST), [*names])
    if close:
        return f"did you mean {listed(close)}?"
    return f"expected {known}" if known == "no parameters" else f"expected one of {known}"


def _roles(thing: Extra) -> tuple[str, ...]:
    """Return what the thing may be in a policy."""
    if isinstance(thing, type):
        if issubclass(thing, RollbackStrategy):
            return ("strategy",)
        return ("rule",) if issubclass(thing, Coded) else ("rule", _KEY)
    return (_KEY,) if thing in our_keys().values() else ("rule", _KEY)


def _others(extra: Iterable[Extra] | Mapping[str, Extra]) -> dict[str, Extra]:
    """Return what the caller gave, checked, by its names in data."""
    if isinstance(extra, type) or callable(extra):
        raise TypeError("extra must be a list or mapping: write extra=[...]")
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
    """Return the thing; raise TypeError if it cannot be made from data."""
    if not callable(thing):
        raise TypeError(f"extra: must hold classes and functions, not {shown(thing)}")
    if isinstance(thing, type):
        is_called = any("__call__" in vars(each) for each in thing.__mro__)
        if not is_called and not issubclass(thing, RollbackStrategy):
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
            f"give it a method {BY_HAND}() that returns its arguments as plain data"
        ) from error


def _refuse_vast(data: object) -> None:
    """Raise `InvalidData` if the data are too deep, too many, or contain themselves."""
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
