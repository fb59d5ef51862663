"""Servers that are killed, paused and started again, each on a small disk of its own.

1. A server is killed as a whole: the process and its children, by their ids, with `SIGKILL`.
2. Its disk is a memory disk, if this may be mounted here (as root). It is filled with a file. What
   a lost machine would lose, a killed process does not: that is not tried here.
3. Whatever died by itself, of a full disk, is started again by `revive`.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import attrs

from tests.tools.deployments.kinds.server import PATIENCE

#: How large the disk of a server is.
DISK: Final = 256 << 20


@attrs.define
class Disk:
    """A folder, which can be filled if it is a disk of its own.

    Args:
        folder: Where it is; it must exist.
    """

    folder: Path
    is_own: bool = False

    def mount(self) -> None:
        """Make it a disk of its own, if that is allowed here."""
        if os.geteuid() == 0 and shutil.which("mount"):
            command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(self.folder)]
            done = subprocess.run(command, capture_output=True, check=False)
            self.is_own = done.returncode == 0

    def unmount(self) -> None:
        """Take it away, with all that is on it."""
        if self.is_own:
            command = ["umount", "--lazy", str(self.folder)]
            _ = subprocess.run(command, capture_output=True, check=True)

    def fill(self) -> bool:
        """Leave no byte free; return whether that was possible."""
        if not self.is_own:
            return False
        with self._ballast.open("ab") as file:
            size = DISK
            while size >= 1 << 12:  # a smaller file may still fit
                try:
                    os.posix_fallocate(file.fileno(), self._size(), size)
                except OSError:
                    size //= 2
        return True

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def _size(self) -> int:
        return self._ballast.stat().st_size


@attrs.define
class Server:
    """A server with its disk.

    Args:
        command: The program and its arguments.
        disk: Where it works.
        user: As which user it runs; `None` as this one.
    """

    command: list[str]
    disk: Disk
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None
    is_down: bool = False

    def start(self) -> None:
        """Start it; it answers some time later."""
        self.is_down = False
        log = self.disk.folder.with_suffix(".log")
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.disk.folder,
                stdout=said,
                stderr=subprocess.STDOUT,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )

    def revive(self) -> bool:
        """Start it again if it ended by itself; return whether it did."""
        ended = self.process is None or self.process.poll() is not None
        if ended and not self.is_down:
            self.start()
            return True
        return False

    def kill(self) -> None:
        """Kill it, with its children, and wait until all of them are gone."""
        self.is_down = True
        if self.process is None:
            return
        children = [*descendants(self.process.pid)]
        signal_all([self.process.pid, *children], signal.SIGKILL)
        _ = self.process.wait(PATIENCE)

    def pause(self) -> None:
        """Stop it, with its children."""
        if self.process is not None and self.process.poll() is None:
            pid = self.process.pid
            signal_all([pid, *descendants(pid)], signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        if self.process is not None and self.process.poll() is None:
            pid = self.process.pid
            signal_all([pid, *descendants(pid)], signal.SIGCONT)


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to processes, of which some may be gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def descendants(pid: int) -> Iterator[int]:
    """Yield the ids of the children of a process, and of theirs, as Linux tells them."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def own_disk(folder: Path, *, user: str | None = None) -> Disk:
    """Make an empty disk, for a user if this is not the one who runs the tool."""
    folder.mkdir()
    disk = Disk(folder)
    disk.mount()
    if user is not None:
        for each in (folder, folder.parent):
            shutil.chown(each, user, user)
    return disk
