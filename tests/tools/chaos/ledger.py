"""What was acknowledged, and how conversations ended: one line of JSON for each, in one file.

A line is one write at the end of the file. So a process that is killed leaves whole lines, and
many processes write to it.
"""

import json
import os
import time
from pathlib import Path

import attrs

from lastgood import Event
from lastgood.control import Done


@attrs.frozen
class Ledger:
    """The file, and who writes to it."""

    file: Path
    by: str

    def acknowledged(self, model: str, before: int, events: tuple[Event, ...]) -> None:
        """Note that the store acknowledged these events at this place."""
        self._write(model=model, before=before, events=[event.to_dict() for event in events])

    def ended(self, model: str, done: Done) -> None:
        """Note how a conversation of a controller ended."""
        self._write(model=model, outcome=done.outcome.value, detail=done.detail)

    def late(self, model: str, label: str, what: str) -> None:
        """Note that a deployment was not seen to within a minute."""
        self._write(model=model, late=label, what=what)

    def crashed(self, model: str, error: str) -> None:
        """Note an error that nobody expects."""
        self._write(model=model, crashed=error)

    def _write(self, **line: object) -> None:
        text = json.dumps({"at": time.monotonic(), "by": self.by, **line})
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            _ = os.write(descriptor, f"{text}\n".encode())
        finally:
            os.close(descriptor)
