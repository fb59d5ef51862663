"""Run one job in a process that hears every audit event, and print as JSON which it heard.

``python -m tests.package.audited session`` uses the library; the other jobs do on purpose what the
library never does.
"""

import difflib
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.package.session import session

#: The library may load `difflib` when it names close matches, and not before: here it is loaded.
PRELOADED: Final = difflib

JOBS: Final[dict[str, Callable[[], object]]] = {
    "session": session,
    "open": lambda: Path(__file__).read_text("utf-8"),
    "socket": lambda: socket.socket().close(),
    "process": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "import": lambda: __import__("wave"),
}


def main(name: str) -> None:
    """Run the job of this name and print the events."""
    heard: list[str] = []
    job = JOBS[name]
    sys.addaudithook(lambda event, _: heard.append(event))
    _ = job()
    print(json.dumps([*heard]))


if __name__ == "__main__":
    main(sys.argv[1])
