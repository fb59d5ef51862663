"""The commands of other tools that the pages show: they ask what the examples have the answers to.

A program stands in for a tool that needs a cluster or an account. It takes the arguments that the
page shows, and prints the recorded answer. The shell, curl, jq and xargs are the real ones.
"""

import json
import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from docs.examples.histories import github, helm, kubernetes, mlflow
from tests.package.discovery import ROOT
from tests.tools.deployments.needs import need_program

PAGE = ROOT / "docs" / "how-to" / "backtest.md"
ANSWERS = ROOT / "docs" / "examples" / "histories"


def block(begin: str) -> str:
    """Return the commands of the block of the page that begins like this."""
    blocks = re.findall(
        r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (found,) = [each for each in blocks if each.startswith(f"$ {begin}")]
    return re.sub(r"^\$ ", "", found, flags=re.MULTILINE)


def run(commands: str, folder: Path, **environ: str) -> None:
    """Run the commands in a folder, where programs of the folder `bin` come first."""
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],  # noqa: S607  # the shell of the reader
        cwd=folder,
        env={**os.environ, "PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def stand_in(folder: Path, name: str, answers: dict[str, str]) -> None:
    """Put a program into the folder that runs a line of shell for each of its arguments."""
    cases = "\n".join(f"  {arguments!r}) {line} ;;" for arguments, line in answers.items())
    program = folder / "bin" / name
    program.parent.mkdir(exist_ok=True)
    text = f'#!/usr/bin/env bash\ncase "$*" in\n{cases}\n  *) echo "$*" >&2; exit 2 ;;\nesac\n'
    _ = program.write_text(text, "utf-8")
    program.chmod(0o755)


def recorded(name: str) -> object:
    """Return the answer of a tool that the examples have."""
    return json.loads((ANSWERS / name).read_text("utf-8"))


def got(folder: Path, name: str) -> object:
    """Return what the commands of the page wrote."""
    return json.loads((folder / name).read_text("utf-8"))


def test_helm_writes_what_is_read(tmp_path: Path) -> None:
    """The command writes the file that the example reads."""
    stand_in(tmp_path, "helm", {"history churn -o json": f"cat {ANSWERS / 'helm.json'}"})
    run(block("helm history"), tmp_path)
    assert got(tmp_path, "helm.json") == recorded("helm.json")
    assert helm.read(json.loads((tmp_path / "helm.json").read_text()))


def test_kubectl_writes_what_is_read(tmp_path: Path) -> None:
    """The commands write both files that the example reads."""
    answers = {
        "get replicasets -l app=churn -o json": f"cat {ANSWERS / 'kubernetes.json'}",
        "get deployment churn -o json": f"cat {ANSWERS / 'kubernetes_deployment.json'}",
    }
    stand_in(tmp_path, "kubectl", answers)
    run(block("kubectl get"), tmp_path)
    for name in ("kubernetes.json", "kubernetes_deployment.json"):
        assert got(tmp_path, name) == recorded(name)
    files = [tmp_path / name for name in ("kubernetes.json", "kubernetes_deployment.json")]
    assert kubernetes.read(*(json.loads(file.read_text()) for file in files))


class Registry(BaseHTTPRequestHandler):
    """The two addresses of MLflow's server that the page asks."""

    def do_GET(self) -> None:
        """Answer as MLflow does, or that there is nothing."""
        asked = urlsplit(self.path)
        answers = {
            ("/api/2.0/mlflow/model-versions/search", "filter", "name='churn'"): "mlflow.json",
            ("/api/2.0/mlflow/registered-models/get", "name", "churn"): "mlflow_model.json",
        }
        ((key, (value,)),) = parse_qs(asked.query).items()
        name = answers.get((asked.path, key, value))
        self.send_response(404 if name is None else 200)
        self.end_headers()
        if name is not None:
            _ = self.wfile.write((ANSWERS / name).read_bytes())

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def mlflow_server() -> Generator[str]:
    """Serve the recorded answers on the loopback interface; yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_curl_asks_mlflow_for_what_is_read(tmp_path: Path) -> None:
    """The requests are those that MLflow documents, and the answers go into the right files."""
    _ = need_program("curl", "curl")
    with mlflow_server() as address:
        run(block("api=$MLFLOW"), tmp_path, MLFLOW_TRACKING_URI=address)
    for name in ("mlflow.json", "mlflow_model.json"):
        assert got(tmp_path, name) == recorded(name)
    files = [tmp_path / name for name in ("mlflow.json", "mlflow_model.json")]
    assert mlflow.read(*(json.loads(file.read_text()) for file in files))


def test_gh_and_jq_make_two_files(tmp_path: Path) -> None:
    """All deployments are in one file, and the statuses of each by its number in the other."""
    _ = need_program("jq", "jq")
    answer = json.loads((ANSWERS / "github.json").read_text("utf-8"))
    repository = "repos/OWNER/REPO/deployments"
    pages = tmp_path / "pages.json"
    _ = pages.write_text(json.dumps(answer["deployments"]), "utf-8")
    asked = f"api --paginate {repository}?environment=production --jq .[]"
    answers = {asked: f"jq '.[]' {pages}"}
    for number, statuses in answer["statuses"].items():
        file = tmp_path / f"{number}.json"
        _ = file.write_text(json.dumps(statuses), "utf-8")
        asked = f'api {repository}/{number}/statuses?per_page=100 --jq {{"{number}": .}}'
        answers[asked] = f"jq '{{\"{number}\": .}}' {file}"
    stand_in(tmp_path, "gh", answers)
    run(block("gh api"), tmp_path)
    assert got(tmp_path, "deployments.json") == answer["deployments"]
    assert got(tmp_path, "statuses.json") == answer["statuses"]
    found = json.loads((tmp_path / "statuses.json").read_text("utf-8"))
    statuses = {int(number): each for number, each in found.items()}
    assert github.read(json.loads((tmp_path / "deployments.json").read_text("utf-8")), statuses)


@pytest.mark.parametrize("name", ["helm", "kubectl"])
def test_other_arguments_are_not_answered(tmp_path: Path, name: str) -> None:
    """What stands in for a tool refuses what the page does not ask."""
    stand_in(tmp_path, name, {"history churn": "true"})
    with pytest.raises(AssertionError):
        run(f"{name} history other", tmp_path)
