"""Servers that run as long as a test needs them."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

#: How long a server may take to start, on a machine that has much else to do, in seconds. MLflow
#: takes ten seconds of processor time.
PATIENCE: Final = 240.0


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def own_folder(prefix: str) -> Generator[Path]:
    """Make an empty folder, and remove it in the end with all that is in it."""
    folder = Path(mkdtemp(prefix=f"lastgood-{prefix}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(
    command: Sequence[str],
    *,
    folder: Path,
    ready: Callable[[], object],
    user: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Generator[None]:
    """Run a server; what it says is in the file ``log`` of its folder.

    Args:
        command: The program and its arguments.
        folder: Where it works.
        ready: Raises as long as the server does not answer.
        user: As which user it runs; `None` as this one.
        environ: Its environment; `None` for this one.
    """
    log = folder / "log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdout=said,
            stderr=subprocess.STDOUT,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    try:
        _wait(server, ready, log)
        yield
    finally:
        server.terminate()
        _ = server.wait(PATIENCE)


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], object], log: Path) -> None:
    """Wait until the server answers; `RuntimeError` with its last words if it does not."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _ = ready()
        except Exception as error:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{server.args!r} did not start: {log.read_text()}") from error
            time.sleep(0.05)
        else:
            return


def user_for(name: str, folder: Path) -> str | None:
    """Return the user for a program that refuses to run as root, and give the folder to it."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, name, name)
    return name
