"""A copy of the tree to mutate in, and which tests to run there."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
FILES: Final = ("CHANGELOG.md", "README.md", "conftest.py", "pyproject.toml")
FOLDERS: Final = ("docs", "src", "tests")

#: The tests that state rules, the quick ones first. The model, threads and fuzzing would take too
#: long for each mutant, and tests about the package would fail for anything.
TESTS: Final = (
    "tests/values",
    "tests/rules",
    "tests/test_cases.py",
    "tests/scenarios",
    "tests/test_errors.py",
    "tests/strategies",
    "tests/registry",
    "tests/test_semver.py",
    "tests/test_semver_hostile.py",
    "tests/test_words.py",
    "tests/policies",
    "tests/retention",
    "tests/render",
    "tests/control",
    "tests/backtest",
)
#: The tests that fail for most mutants of properties, defaults and numbers; few, so that they are
#: collected quickly.
TELLING: Final = (
    "tests/values/test_version.py",
    "tests/values/test_event.py",
    "tests/registry/test_value.py",
    "tests/registry/test_mapping.py",
    "tests/registry/test_questions.py",
    "tests/registry/test_plain_data.py",
    "tests/registry/test_status_table.py",
    "tests/strategies/test_values.py",
    "tests/rules/test_values.py",
    "tests/render/test_golden.py",
    "tests/test_errors.py",
    "tests/test_semver.py",
    "tests/test_words.py",
)
#: Without the tests that try very many registries, which would take too long for each mutant, and
#: without the one that measures time: a busy machine must not kill a mutant.
OPTIONS: Final = (
    "-p",
    "no:cacheprovider",
    "--deselect=tests/retention/test_law.py::test_the_law_holds_for_every_small_registry",
    "--deselect=tests/values/test_explain.py::test_an_explanation_is_always_short_and_plain",
    "--deselect=tests/test_semver_hostile.py::test_time_is_linear",
)

#: Functions that do their work while modules are imported, long before a mutant is chosen.
RUN_ON_IMPORT: Final = {"Kind.__init__", "named", "setters"}

ENVIRONMENT: Final = {
    "PYTHONPATH": "src",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # They take longer than many a test.
}
#: The variables of the environment that are passed on: to the plug-in `each`, and to pytest.
PASSED: Final = ("AGAIN", "LIMIT", "ONLY", "WORKING", "PYTEST_ADDOPTS")

MUTMUT: Final = """\
[mutmut]
source_paths=src
do_not_mutate=src/lastgood/testing/*
pytest_add_cli_args_test_selection=
    {tests}
pytest_add_cli_args=
    {options}
also_copy=
    CHANGELOG.md
    README.md
    conftest.py
    docs
timeout_multiplier=20
timeout_constant=2
track_dependencies=false
"""

#: The operators in types do nothing at run time, so `cosmic-ray` leaves them alone. For any other
#: operator, one or two replacements are enough.
COSMIC_RAY: Final = """\
[cosmic-ray]
module-path = "src/lastgood"
timeout = 300.0
excluded-modules = ["src/lastgood/testing/*"]
test-command = "sh -c 'pytest -x -q {telling} && pytest -x -q {options} {tests}'"
distributor.name = "local"
filters.operators-filter.exclude-operators = [
    "core/ReplaceBinaryOperator_BitOr_.*",
    "core/ReplaceBinaryOperator_.*_(Bit.*|.*Shift|Div|FloorDiv|Mod|Pow)",
]

[cosmic-ray.filters.line-filter.lines]
{lines}
"""


def clone(into: Path) -> None:
    """Make the copy, with the settings of the tools, unless it is there already."""
    if into.exists():
        return
    into.mkdir(parents=True)
    for name in FILES:
        _ = shutil.copy(ROOT / name, into / name)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        _ = shutil.copytree(ROOT / name, into / name, ignore=ignored)
    modules = sorted((into / "src" / "lastgood").rglob("*.py"))
    for module in modules:
        undecorate(module)
    hasten(into / "tests" / "conftest.py")
    alone(into / "pyproject.toml")
    write(into, modules)


def hasten(conftest: Path) -> None:
    """Let Hypothesis try few examples, always the same, and without looking for smaller ones."""
    text = conftest.read_text(encoding="utf-8")
    few = "deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),"
    quick = (
        text.replace("deadline=None,", few)
        .replace("max_examples=40", "max_examples=20")
        .replace("import settings", "import Phase, settings")
    )
    assert quick.count("Phase") > text.count("Phase")
    _ = conftest.write_text(quick, encoding="utf-8")


def alone(settings: Path) -> None:
    """Let pytest run in one process: a mutant is tried in a fork of it, without plug-ins."""
    text = settings.read_text(encoding="utf-8")
    one = re.sub(r'^ *"(-nauto|--dist=loadfile)",.*\n', "", text, flags=re.MULTILINE)
    assert text.count("\n") - one.count("\n") == 2  # both lines
    _ = settings.write_text(one, encoding="utf-8")


def undecorate(module: Path) -> None:
    """Take off decorators that change nothing that a function does: mutmut skips what has one.

    The key function `numbers` keeps its own. mutmut makes closures of what it mutates, and a policy
    cannot name a closure.
    """
    text = module.read_text(encoding="utf-8")
    idle = r"^ *@(override|final)\n|^@named\(.*\)\n(?=def (?!numbers\())"
    _ = module.write_text(re.sub(idle, "", text, flags=re.MULTILINE), encoding="utf-8")


def write(into: Path, modules: Sequence[Path]) -> None:
    """Write the settings of both tools."""
    lines = "\n".join(
        f'"{module.relative_to(into / "src" / "lastgood")}" = {[*outside(module)]}'
        for module in modules
    )
    mutmut = MUTMUT.format(tests="\n    ".join(TESTS), options="\n    ".join(OPTIONS))
    options, telling, tests = map(" ".join, (OPTIONS, TELLING, TESTS))
    cosmic_ray = COSMIC_RAY.format(options=options, telling=telling, tests=tests, lines=lines)
    _ = (into / "setup.cfg").write_text(mutmut, encoding="utf-8")
    _ = (into / "cosmic-ray.toml").write_text(cosmic_ray, encoding="utf-8")


def outside(module: Path) -> Iterator[str]:
    """Yield the lines that mutmut does not see: those outside of the functions that it mutates."""
    text = module.read_text(encoding="utf-8")
    seen = {
        line
        for name, function in functions(ast.parse(text))
        for line in mutated_by_mutmut(name, function)
    }
    return (str(line) for line in range(1, text.count("\n") + 1) if line not in seen)


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions and methods of a module with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{prefix}{child.name}.")


def mutated_by_mutmut(name: str, function: ast.FunctionDef) -> range:
    """Return the lines of a function; of one whose decorators mutmut avoids, its signature."""
    if name in RUN_ON_IMPORT:
        return range(0)
    decorators = {ast.unparse(decorator) for decorator in function.decorator_list}
    ends = decorators <= {"classmethod", "staticmethod"} or "overload" in decorators
    first = function.decorator_list[0].lineno if ends and decorators else function.lineno
    return range(first, (function.end_lineno or 0) + 1 if ends else function.body[0].lineno)


def run(tree: Path, *command: str) -> None:
    """Run a tool in the copy."""
    tool = Path(sys.executable).parent / command[0]
    path = f"{tool.parent}:/usr/bin:/bin"
    environment = {"PATH": path, **ENVIRONMENT}
    environment |= {name: os.environ[name] for name in PASSED if name in os.environ}
    _ = subprocess.run([tool, *command[1:]], cwd=tree, env=environment, check=False)


def killers(tree: Path, tests: Sequence[str]) -> list[str] | None:
    """Return the files of the tests that fail in the copy, as it is now; `None` if all pass.

    The list is empty if the library cannot be imported, or if a test never ends.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *OPTIONS, *tests]
    environment = {"PATH": "", **ENVIRONMENT}
    environment |= {name: os.environ[name] for name in PASSED if name in os.environ}
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return []
    failed = re.findall(r"^FAILED ([^:]+\.py)::", done.stdout, flags=re.MULTILINE)
    return None if done.returncode == 0 else failed
