"""The claims of the page about answers that do not come."""

from collections.abc import Callable, Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import attrs
import pytest

from docs.examples.driver import run
from lastgood.control import Outcome, keep
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.racing import failed_update
from tests.tools.deployments.records import NOTHING, POLICY, append, load, outcome

need("dynamodb")

from botocore.exceptions import ClientError

from tests.tools.deployments.kinds.dynamodb import moto, served_by


@attrs.define
class Forgetful:
    """A server that does what it is asked to, and once says that something went wrong."""

    app: WSGIApplication
    forgets: bool = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        """Answer."""
        writes = str(environ.get("HTTP_X_AMZ_TARGET")).endswith("TransactWriteItems")
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


def test_a_winner_that_gets_no_answer_is_not_told_that_it_lost(name: str, tmp_path: Path) -> None:
    """The client does not ask again by itself: that the answer is lost is an error, as it should.

    With a repeated request the winner would find that it came too late: for itself. So the loop
    reads, finds its own rollback, and moves the world.
    """
    server, world, begun = Forgetful(moto()), Alias(tmp_path / "alias"), failed_update()
    world.put("v3", begun.deployments[-1].revision)
    with served_by(server) as address, kind_of("dynamodb").opened(address) as store:
        assert append(store, name, NOTHING, begun)
        server.forgets = True
        talk = keep(POLICY, NOTHING)

        with pytest.raises(ClientError, match="500"):
            _ = run(talk, store(name), world)
        assert load(store, name).current == "v2"
        assert world.look().version == "v3"

        server.forgets = True
        talk = run(talk, store(name), world, sleep=lambda _: None, not_known=(ClientError,))
        ended = load(store, name)

    assert outcome(talk) is Outcome.SETTLED
    assert ended.revision == begun.revision + 1
    assert world.look().version == "v2"
