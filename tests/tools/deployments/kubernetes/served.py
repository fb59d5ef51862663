"""An API server that is served, as a test and `kubectl` use it."""

import json
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs

from tests.tools.deployments.kubernetes.gate import PREFIX, Gate
from tests.tools.deployments.kubernetes.manifest import GROUP, NAME, PATH


@attrs.frozen
class Served:
    """An API server, and its gate.

    Args:
        gate: The gate before it.
        url: Where the gate listens.
        restart: Kills the server and starts it again; the one in memory only cuts all connections.
        most: How many bytes an object may have.
        certificate: The file with the certificate of the gate, if it speaks TLS.
    """

    gate: Gate
    url: str
    restart: Callable[[], object]
    most: int
    certificate: Path | None = None

    def create(self, name: str, version: str) -> None:
        """Put a new object into the namespace ``default``."""
        body = {
            "apiVersion": f"{GROUP}/v1",
            "kind": NAME,
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"version": version},
        }
        status, said = self.ask("POST", PATH, body)
        assert status in {200, 201, 409}, said

    def get(self, name: str) -> dict[str, Any]:
        """Return an object as it is stored."""
        status, said = self.ask("GET", f"{PATH}/{name}")
        assert status == 200, said
        return said

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Return the status and the answer to a request of an administrator."""
        split = urlsplit(self.url)
        assert split.hostname is not None
        connection: HTTPConnection
        if self.certificate is None:
            connection = HTTPConnection(split.hostname, split.port, timeout=30)
        else:
            tls = ssl.create_default_context(cafile=self.certificate)
            connection = HTTPSConnection(split.hostname, split.port, timeout=30, context=tls)
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Content-Type": kind, "Authorization": "Bearer admin"}
        data = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said.startswith(b"{") else {}
        finally:
            connection.close()

    def kubeconfig(self, user: str) -> dict[str, Any]:
        """Return the file with which a user finds the server, and is known to it."""
        return kubeconfig(self.url + PREFIX, user, self.certificate)


def kubeconfig(url: str, user: str, certificate: Path | None = None) -> dict[str, Any]:
    """Return the file with which a user finds a server, and is known to it: a token is a name."""
    cluster = {"server": url}
    if certificate is not None:
        cluster["certificate-authority"] = str(certificate)
    return {
        "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": user, "user": {"token": user}}],
    }
