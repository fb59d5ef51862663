"""The claims of the page about requests that boto3 repeats."""

from collections.abc import Callable, Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import attrs

from docs.examples.controller import reconcile, step_back
from lastgood import VersionRegistry
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.racing import Alias, failed_update

need("dynamodb")

from tests.tools.deployments.kinds.dynamodb import moto, served_by


@attrs.define
class Forgetful:
    """A server that does what it is asked to, and once says that something went wrong."""

    app: WSGIApplication
    forgets: bool = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        """Answer."""
        writes = str(environ.get("HTTP_X_AMZ_TARGET")).endswith("PutItem")
        if not (self.forgets and writes):
            return self.app(environ, start)
        self.forgets = False
        _done = [*self.app(environ, _say_nothing)]
        _ = start("500 Internal Server Error", [("Content-Length", "0")])
        return []


def _say_nothing(
    _status: str, _headers: list[tuple[str, str]], _error: object = None, /
) -> Callable[[bytes], object]:
    """Keep back the answer."""
    return len


def test_a_winner_that_is_told_that_it_lost_is_helped_out(name: str, tmp_path: Path) -> None:
    """boto3 asks again, and finds the key taken by itself; reconciling moves the world."""
    server, world = Forgetful(moto()), Alias(tmp_path / "alias")
    world.serve("v3")
    with served_by(server) as address, kind_of("dynamodb").opened(address) as store:
        assert store.append(name, VersionRegistry(), failed_update())
        server.forgets = True

        assert not step_back(store, world, name)
        assert store.load(name).current == "v2"
        assert world.serving() == "v3"
        assert reconcile(store, world, name)

    assert not server.forgets
    assert world.serving() == "v2"
