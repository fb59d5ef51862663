"""The API server for custom resources of Kubernetes, alone on loopback, with its own etcd.

In a cluster another API server stands in front of it, and answers two kinds of questions for it:
who a token belongs to, and whether somebody may do something. `Authority` answers them here: the
operator may do what the rules on the page say, and an administrator may do everything.
"""

import asyncio
import json
import signal
import ssl
import subprocess
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import attrs
from typing_extensions import override

from tests.tools.deployments.kinds.server import PATIENCE, free_port, running
from tests.tools.deployments.kubernetes.gate import Gate, InThread, listen
from tests.tools.deployments.kubernetes.manifest import CRD, GROUP, allows
from tests.tools.deployments.kubernetes.served import Served, kubeconfig
from tests.tools.deployments.needs import need_program

#: What asks the server in front about namespaces and webhooks.
_FRONT: Final = (
    "NamespaceLifecycle",
    "MutatingAdmissionWebhook",
    "ValidatingAdmissionWebhook",
)


#: What etcd takes, in bytes of one object.
_MOST: Final = 1536 * 1024
#: What the server asks for before it says that it is ready.
_KINDS: Final = {
    "services": "Service",
    "flowschemas": "FlowSchema",
    "prioritylevelconfigurations": "PriorityLevelConfiguration",
}


class Authority(BaseHTTPRequestHandler):
    """Who somebody is, and what they may do. A token is the name of a user here."""

    def do_POST(self) -> None:
        """Answer a review."""
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = review["spec"]
        if review["kind"] == "TokenReview":
            review["status"] = {"authenticated": True, "user": {"username": asked["token"]}}
        else:
            review["status"] = {"allowed": asked["user"] != "operator" or _may(asked)}
        self._answer(201, review)

    def do_GET(self) -> None:
        """Answer that there are no services, and no rules of priority."""
        path, _, query = self.path.partition("?")
        version, _, plural = path.removeprefix("/apis/").removeprefix("/api/").rpartition("/")
        found: dict[str, Any] = {"metadata": {}, "items": []}
        found |= {"kind": f"{_KINDS[plural]}List", "apiVersion": version}
        self._answer(200, "" if "watch=" in query else found)

    def _answer(self, status: int, said: object) -> None:
        data = json.dumps(said).encode() if said else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        _ = self.wfile.write(data)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


def _may(asked: dict[str, Any]) -> bool:
    """Whether the operator may do this. To discover what there is, everybody may."""
    what = asked.get("resourceAttributes")
    if what is None:
        return bool(asked["nonResourceAttributes"]["verb"] == "get")
    resource = "/".join(filter(None, (what["resource"], what.get("subresource"))))
    return allows(what["group"], resource, what["verb"])


@attrs.define(eq=False)
class Server:
    """The process of the API server, which can be killed and started again."""

    program: Path
    folder: Path
    etcd: str
    port: int
    authority: int
    _process: subprocess.Popen[bytes] | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        config = self.folder / "authority.json"
        front = kubeconfig(f"http://127.0.0.1:{self.authority}", "apiserver")
        _ = config.write_text(json.dumps(front), "utf-8")
        with (self.folder / "apiserver.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self.program,
                    f"--etcd-servers={self.etcd}",
                    "--bind-address=127.0.0.1",
                    f"--secure-port={self.port}",
                    f"--cert-dir={self.folder / 'certificates'}",
                    "--authentication-skip-lookup",
                    f"--authentication-kubeconfig={config}",
                    f"--authorization-kubeconfig={config}",
                    f"--kubeconfig={config}",
                    f"--disable-admission-plugins={','.join(_FRONT)}",
                    "--enable-priority-and-fairness=false",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def kill(self) -> None:
        """Kill the server as a node does that goes down."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        _ = self._process.wait()

    def restart(self) -> None:
        """Kill the server, and start it again."""
        self.kill()
        self.start()

    @property
    def certificate(self) -> Path:
        """The certificate that the server made for itself; its key stands beside it."""
        return self.folder / "certificates/apiserver.crt"

    def _wait(self) -> None:
        pause = Event()
        for _ in range(int(PATIENCE / 0.1)):
            try:
                connection = HTTPSConnection(
                    "127.0.0.1",
                    self.port,
                    timeout=5,
                    context=ssl.create_default_context(cafile=self.certificate),
                )
                connection.request("GET", "/readyz", headers={"Authorization": "Bearer admin"})
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            _ = pause.wait(0.1)
        raise RuntimeError((self.folder / "apiserver.log").read_text()[-3000:])


@contextmanager
def real(program: Path, folder: Path) -> Generator[Served]:
    """Serve the API for custom resources, behind a gate, in which the kind is known.

    Args:
        program: The API server, as it was built.
        folder: An empty folder, in which it keeps its data.
    """
    with ExitStack() as stack:
        etcd = stack.enter_context(_etcd(folder))
        authority = stack.enter_context(_authority())
        server = Server(program, folder, etcd, free_port(), authority)
        _ = stack.callback(server.kill)
        server.start()
        port = free_port()
        gate = Gate(f"https://127.0.0.1:{server.port}", discovery=True)

        async def main(stop: asyncio.Event, ready: Event) -> None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(server.certificate, server.certificate.with_suffix(".key"))
            runner = await listen(gate, port, tls)
            ready.set()
            _ = await stop.wait()
            await runner.cleanup()

        stack.enter_context(InThread(main))
        url = f"https://127.0.0.1:{port}"
        served = Served(gate, url, server.restart, _MOST, server.certificate)
        _create(served)
        yield served


def _create(served: Served) -> None:
    """Do what `kubectl apply` does with the kind, and wait until it is served."""
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    status, said = served.ask("POST", path, CRD)
    assert status == 201, said
    wait = Event()
    for _ in range(int(PATIENCE / 0.1)):
        if served.ask("GET", f"/apis/{GROUP}/v1")[0] == 200:
            return
        _ = wait.wait(0.1)
    raise RuntimeError("the kind is not served")


@contextmanager
def _etcd(folder: Path) -> Generator[str]:
    clients, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    command = [
        need_program("etcd", "etcd-server"),
        "--data-dir=data",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
    ]
    with running(command, folder=folder, ready=lambda: None):
        yield clients


@contextmanager
def _authority() -> Generator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
