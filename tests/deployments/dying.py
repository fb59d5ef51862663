"""Decides in a process of its own, and dies before anything moves.

``python -m tests.deployments.dying KIND ADDRESS FILE NAME``
"""

import os
import sys
from pathlib import Path

from docs.examples.controller import step_back
from tests.tools.deployments.kinds.kind import kind_of
from tests.tools.deployments.racing import Alias


class Deadly(Alias):
    """A world in which whoever moves it dies before it has moved."""

    def serve(self, version: str, /) -> None:
        """Die, as by SIGKILL: nothing is closed, and no message is sent."""
        os._exit(len(version))


if __name__ == "__main__":
    kind, address, file, name = sys.argv[1:]
    with kind_of(kind).opened(address) as store:
        _ = step_back(store, Deadly(Path(file)), name)
