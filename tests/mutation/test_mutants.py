"""Which code each campaign of mutants changes: together they change all of it."""

from pathlib import Path

from tests.tools.mutation.clone import outside, undecorate
from tests.tools.mutation.tables import mutants

MODULE = '''\
"""Says nothing."""

import attrs

LIMIT: int = 3
TABLE = {"a": "x", "b": f}
PARTS = ("one", 2)
kind: TypeAlias = Literal["no"]


@named("public")
@attrs.frozen(repr=False)
class Value:
    @property
    def half(self):
        return 5

    @cache
    def third(self):
        def inner():
            return 11

        return inner

    @override
    def double(self):
        return "seen by mutmut"


@named("public")
def call(one, *, two="also"):
    return {"seen": "by mutmut"}


def setters(cls):
    return 7
'''


def test_mutants_of_tables() -> None:
    """Texts change, rows are left out or exchanged, items and arguments are left out."""
    assert {mutant.what for mutant in mutants(MODULE)} == {
        "without the row 'a'",
        "without the row 'b'",
        "rows 0 and 1 exchanged",
        "'xX'",
        "'oneX'",
        "'publicX'",
        "without 'one'",
        "without 2",
        "without repr=False",
    }


def test_a_mutant_is_one_change() -> None:
    """The text of a mutant is that of the module, as Python writes it, with one line changed."""
    plain = MODULE.replace("'", '"')
    for mutant in mutants(plain):
        assert mutant.source != plain
        assert "seen by mutmut" in mutant.source
    assert [each.line for each in mutants("A = 1\nB = 'x'\n")] == [2]


def test_lines_that_mutmut_does_not_see(tmp_path: Path) -> None:
    """All lines except those of the functions that mutmut mutates and the signatures of the others.

    A decorator that changes nothing that a function does is taken off, so that mutmut mutates it. A
    function that runs on import is mutated by mutmut too late, so it counts as one that it does not
    see; so does a function inside of one that mutmut skips.
    """
    module = tmp_path / "module.py"
    _ = module.write_text(MODULE, encoding="utf-8")
    undecorate(module)
    text = module.read_text(encoding="utf-8")
    lines = [text.splitlines()[int(line) - 1].strip() for line in outside(module)]
    assert "@override" not in text
    assert text.count('@named("public")') == 1
    assert {"LIMIT: int = 3", "@property", "return 5", "return 7", "return 11"} <= {*lines}
    assert not {"def half(self):", 'return "seen by mutmut"', 'return {"seen": "by mutmut"}'} & {
        *lines
    }
