"""A registry in a JSON file, and a CI job that leaves a version that an alarm names.

Run it with ``python ci_rollback.py prod.json policy.yaml v1.1 "p99 900 ms"``. It records the
verdict and the rollback, and prints the version that must serve, on one line. Your job then commits
the file and lets that version serve. If anything goes wrong, run all of it again: a retry changes
nothing.
"""

import argparse
import fcntl
import json
import os
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import attrs
import yaml

from lastgood import (
    Event,
    InvalidData,
    LastgoodError,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
    from_entries,
    strategy_from_dict,
    to_entries,
)
from lastgood.control import (
    Answer,
    Append,
    Conversation,
    Done,
    Load,
    Look,
    MarkFailed,
    Outcome,
    Wait,
    keep,
    record,
)

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


def policy_in(path: Path) -> RollbackStrategy:
    """Return the strategy that a YAML file describes."""
    return strategy_from_dict(yaml.safe_load(path.read_text("utf-8")))


def had(talk: Conversation, store: FileStore) -> tuple[Conversation, RollbackPlan | None]:
    """Have a conversation until the world is to be seen, which is for the next step of the job.

    Returns:
        The conversation, and the plan of the rollback that this job recorded.
    """
    decided: RollbackPlan | None = None
    while not isinstance(talk.wants, Done | Look):
        answer: Answer = None
        try:
            match talk.wants:
                case Load(since, fingerprint):
                    answer = store.load(since, fingerprint)
                case Append(before, fingerprint, events, plan):
                    answer = store.append(before, fingerprint, events)
                    decided = plan if answer else decided
                case Wait(seconds):
                    time.sleep(seconds)
                case _:
                    pass
        except LastgoodError as error:
            answer = error
        talk = talk.told(answer, now=datetime.now(UTC))
    return talk, decided


def summary(plan: RollbackPlan) -> str:
    """Return what the summary of the job shows: the decision, and what else was considered."""
    return f"### {plan.source} is left for {plan.target}\n\n{indent(plan.explain(), '    ')}\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the job."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("record", type=Path, help="the JSON file")
    _ = parser.add_argument("policy", type=Path, help="the YAML file")
    _ = parser.add_argument("version", help="the version that the alarm names")
    _ = parser.add_argument("reason", help="what is wrong with it")
    asked = parser.parse_args(arguments)
    store, alarm = FileStore(asked.record), MarkFailed(asked.version, reason=asked.reason, by="ci")
    told, _ = had(record(alarm, VersionRegistry()), store)
    left, plan = had(keep(policy_in(asked.policy), told.registry, by="ci"), store)
    if plan is not None and (path := os.environ.get("GITHUB_STEP_SUMMARY")):
        with Path(path).open("a", encoding="utf-8") as file:
            _ = file.write(summary(plan))
    for talk in (told, left):
        if isinstance(talk.wants, Done) and talk.wants.outcome is not Outcome.SETTLED:
            sys.exit(f"{talk.wants.outcome}: {talk.wants.detail}")
    print(left.registry.current or "")


if __name__ == "__main__":
    main()
