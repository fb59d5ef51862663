"""DynamoDB, as moto plays it on loopback; the real one is never asked."""

from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]  # it has types
    DomainDispatcherApplication,
    create_backend_app,
)
from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server

from docs.examples.dynamodb_store import TABLE, DynamoDbStore, connect
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.records import Stores


class _Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def served_by(app: WSGIApplication) -> Generator[str]:
    """Serve moto, or something around it, and make the table.

    DynamoDB checks a condition and writes in one step; moto does so in two. One request at a time
    makes them one: with threads moto itself loses updates.
    """
    server = make_server("127.0.0.1", 0, app, threaded=False, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        with closing(_client(address)) as client:
            if not client.list_tables()["TableNames"]:  # moto has one memory for all its servers
                client.create_table(**TABLE)
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def moto() -> WSGIApplication:
    """Return what plays DynamoDB."""
    return DomainDispatcherApplication(create_backend_app)


def _serving(_: Path) -> AbstractContextManager[str]:
    return served_by(moto())


def _client(address: str) -> Any:
    return connect(
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",  # noqa: S106  # moto asks for none
    )


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with closing(_client(address)) as client:
        yield partial(DynamoDbStore, client)


def _damage(address: str, name: str) -> None:
    with closing(_client(address)) as client:
        client.delete_item(
            TableName="lastgood", Key={"registry": {"S": name}, "before": {"N": "2"}}
        )


def _release(_: str) -> str:
    return f"moto {version('moto')}, boto3 {version('boto3')}"


KIND = Kind(_serving, _opened, _damage, _release)
