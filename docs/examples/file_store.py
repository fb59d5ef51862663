"""A registry in a JSON file: for a CI job, an appliance, or one machine."""

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs

from lastgood import Event, InvalidData, from_entries, to_entries

#: How many seconds to wait for the lock, before `TimeoutError`.
TIMEOUT: Final = 10.0


@attrs.frozen
class FileStore:
    """The record of one registry: one file, with a line for each event. A lock stands beside it.

    Args:
        path: The file, such as ``state/prod.json``. It need not be there.
    """

    path: Path

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        entries = self._read()
        if since and not entries:
            raise InvalidData(str(self.path), f"its {since} events are gone")
        events = from_entries(entries)
        known = bool(since) and since <= len(events) and entries[since - 1]["fingerprint"]
        return events[since:] if known == fingerprint else events

    def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        with self._locked():
            entries = self._read()
            if (entries[-1]["fingerprint"] if entries else "0-00000000") != fingerprint:
                return False  # somebody else was quicker, or the file was restored
            self._write([*entries, *to_entries(events, after=fingerprint)])
        return True

    def _read(self) -> list[dict[str, Any]]:
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return []
        try:
            entries: list[dict[str, Any]] = json.loads(text)
            _ = from_entries(entries)
        except (TypeError, ValueError) as error:
            raise InvalidData(str(self.path), str(error)) from error
        return entries

    def _write(self, entries: list[dict[str, Any]]) -> None:
        """Replace the file by a whole one: whoever reads sees the old one or the new one."""
        text = ",\n".join(map(json.dumps, entries))
        new = self.path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            _ = file.write(f"[\n{text}\n]\n")
            file.flush()
            os.fsync(file.fileno())
        _ = new.replace(self.path)

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Hold the lock. The system releases it when the process ends, however it ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + TIMEOUT
        with self.path.with_suffix(".lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise TimeoutError(f"{lock.name} is locked by another process") from None
                    time.sleep(0.05)
                else:
                    break
            yield
