"""A world that all processes share: a file names the version that serves."""

import fcntl
from pathlib import Path
from uuid import uuid4

import attrs

from lastgood.control import Seen


@attrs.define
class Alias:
    """The version that serves and the revision that it was asked for, such as ``v2@7``."""

    file: Path
    served: list[str | None] = attrs.field(factory=list[str | None])

    def look(self) -> Seen:
        """Return the version that serves; without a revision if a hand put it there."""
        return self._asked()

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Serve this version, unless something later was asked for: compared in one step."""
        with self.file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            seen = self._asked()
            if (seen.revision or 0) > revision:
                return False
            if seen.revision == revision:
                return seen.version == version
            self.put(version, revision)
        return True

    def put(self, version: str | None, revision: int | None = None) -> None:
        """Let this version serve, at once and as a whole; by a hand, if there is no revision."""
        self.served.append(version)
        new = self.file.with_suffix(f".{uuid4().hex}")
        _ = new.write_text(f"{version}@{'' if revision is None else revision}", "utf-8")
        _ = new.replace(self.file)

    def _asked(self) -> Seen:
        label, _, revision = self.file.read_text("utf-8").rpartition("@")
        return Seen(label, int(revision) if revision else None)
