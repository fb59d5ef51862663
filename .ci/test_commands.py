"""Every command that a page shows is run by this project, and here it is written where.

A command is a line of a block of the shell, with the lines that it goes on in, or inline code that
begins with ``python``, ``uv``, ``bash`` or the name of a tool that makes backups. Other tools in a
sentence, such as ``helm rollback``, are what people use elsewhere.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(?:console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:python|uv(?! run`)|bash|pg_dump|etcdctl) [^`]+)`")

#: The commands, as expressions; the file that runs each; the words with which it does.
RUN: Mapping[str, tuple[str, str]] = {
    # The gate itself, and its steps.
    r"bash \.ci/run": (".github/workflows/ci.yml", "bash .ci/run"),
    r"python \.ci/released\.py v1\.2\.3": (
        ".github/workflows/release.yml",
        "python .ci/released.py",
    ),
    r"python -m pip install --quiet uv && python -m uv run .*": (
        ".ci/run",
        'readme_commands.py README.md >"$work/commands"',
    ),
    r"(python -m )?pip install lastgood": (".ci/run", "docs/index.md docs/installation.md"),
    r"python -m pip install \.": (
        ".ci/run",
        '"$work/newcomer/bin/python" -m pip install --quiet .',
    ),
    r"uv sync --all-groups": (".ci/run", "uv sync --quiet --dry-run --all-groups"),
    r"(uv run pytest|python -m pytest)": (".ci/run", "$test_command"),
    r"python -m pytest -m deep": (".ci/run", "-m pytest -q -m deep"),
    r"uv run ruff check \. && uv run ruff format \.": (".ci/run", '"$tools/ruff" format --check .'),
    r"uv run mypy && uv run pyright": (".ci/run", '"$tools/pyright" --pythonpath'),
    r"uv run lint-imports": (".ci/run", '"$tools/lint-imports"'),
    r"uv run sphinx-build .* && uv run python \.ci/check_site\.py .*": (
        ".ci/run",
        ".ci/check_site.py",
    ),
    r"uv run python \.ci/look_at_site\.py .*": (".ci/run", '.ci/look_at_site.py "$work/site"'),
    r"python -m uv run --group docs sphinx-build docs site": (".ci/run", '"$tools/sphinx-build"'),
    r"python -m uv run --group mlflow docs/examples/mlflow_rollback\.py": (
        ".ci/run",
        "python -m uv run --quiet --group mlflow docs/examples/mlflow_rollback.py",
    ),
    r"LASTGOOD_PYODIDE=node_modules/pyodide sphinx-build -W -n docs docs/_build": (
        ".ci/run",
        "LASTGOOD_PYODIDE=$work/newer/3.14/node_modules/pyodide",
    ),
    r"npm install --ignore-scripts pyodide@[\d.]+": (".ci/newer_python.py", "--ignore-scripts"),
    r"python -m http\.server --bind 127\.0\.0\.1 --directory docs/_build": (
        ".ci/look_at_site.py",
        'ThreadingHTTPServer(("127.0.0.1", 0)',
    ),
    r"python \.ci/newer_python\.py get FOLDER": (".ci/run", ".ci/newer_python.py get"),
    r"python \.ci/newer_python\.py test FOLDER .*": (".ci/run", ".ci/newer_python.py test"),
    r"uv build --wheel --out-dir FOLDER": (".ci/run", "uv build --quiet --sdist --wheel --out-dir"),
    # Tests that run them.
    r"(uv run --group \w+ |python -m uv run --group \w+ )?python -m tests\.tools\..*": (
        "tests/test_tools.py",
        "test_every_command_that_is_shown_is_run",
    ),
    r"python -m pytest tests/test_cases\.py": (".ci/run", "$test_command"),
    r"python -m pytest tests/deployments/test_stores\.py -k file": (
        ".ci/run",
        '-m pytest -q -n0 -m "deep or not deep" tests/deployments',
    ),
    r'python -X importtime -c "import lastgood"': (".ci/test_commands.py", "test_import_times"),
    r"python -m tests\.package\.summaries": (".ci/test_commands.py", "test_summaries"),
    r"kopf run --standalone --all-namespaces .*": (
        "tests/tools/deployments/cluster.py",
        '"run", "--standalone", "--all-namespaces"',
    ),
    r"pg_dump --table=lastgood": ("tests/deployments/test_backups.py", '"pg_dump"'),
    r"etcdctl (snapshot save|get --prefix /lastgood/)": (
        "tests/deployments/test_backups.py",
        '"etcdctl snapshot"',
    ),
    # Tests in which a program or an API in memory answers.
    r"helm history churn .*": ("tests/deployments/test_pages.py", 'block("helm history")'),
    r"kubectl get .*": ("tests/deployments/test_pages.py", 'block("kubectl get")'),
    r"(api=\$MLFLOW_TRACKING_URI|curl -G ).*": (
        "tests/deployments/test_pages.py",
        'block("api=$MLFLOW")',
    ),
    r"(gh api --paginate|jq '\.\[\]\.id') .*": (
        "tests/deployments/test_pages.py",
        'block("gh api")',
    ),
    r"kubectl apply -f docs/examples/kubernetes_modelservice\.yaml": (
        "tests/tools/deployments/kubernetes/manifest.py",
        "docs/examples/kubernetes_modelservice.yaml",
    ),
    r"kubectl (annotate|patch) modelservice churn .*": (
        "tests/deployments/test_kubernetes.py",
        "patches_of_the_page()",
    ),
}


def pages() -> Iterator[Path]:
    """Yield every file of Markdown that people read."""
    yield from sorted(ROOT.glob("*.md"))
    for folder in ("docs", "tests"):
        yield from sorted((ROOT / folder).rglob("*.md"))


def shown() -> Iterator[str]:
    """Yield the commands of all pages."""
    for text in (page.read_text("utf-8") for page in pages()):
        for block in map(str, BLOCK.findall(text)):
            lines = re.sub(r" \\\n\s*", " ", block).splitlines()
            prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            yield from prompted or lines
        yield from (" ".join(str(command).split()) for command in INLINE.findall(text))


@pytest.mark.parametrize("command", sorted({*shown()}))
def test_a_command_is_run(command: str) -> None:
    """It is written above, once, which file runs it; and the file says so."""
    (place,) = [place for each, place in RUN.items() if re.fullmatch(each, command)]
    file, words = place
    assert words in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("expression", RUN)
def test_nothing_is_run_that_no_page_shows(expression: str) -> None:
    """Each line of the list above is about a command that a page still shows."""
    assert any(re.fullmatch(expression, command) for command in shown())


def test_import_times() -> None:
    """Python shows what an import of the library imports, and how long each took."""
    run = [sys.executable, "-X", "importtime", "-c", "import lastgood"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert re.search(r"\d+ \| +\d+ \| lastgood$", done.stderr, re.MULTILINE)


def test_summaries() -> None:
    """The command writes the pages as they are, if they are as the code says."""
    reference = ROOT / "docs" / "reference"
    before = {path: path.read_bytes() for path in reference.glob("*.md")}
    run = [sys.executable, "-m", "tests.package.summaries"]
    _ = subprocess.run(run, cwd=ROOT, check=True)
    assert {path: path.read_bytes() for path in reference.glob("*.md")} == before
