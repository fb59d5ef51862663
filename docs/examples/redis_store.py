"""Registries in Redis: a list for each, with an entry for each event."""

import json
from typing import Any, Final

import attrs
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lastgood import Event, InvalidData, from_entries, to_entries

#: Redis runs a script alone: between the question and the answer nobody else writes.
APPEND: Final = """
local last = redis.call('LINDEX', KEYS[1], -1)
if (last and cjson.decode(last).fingerprint or '0-00000000') ~= ARGV[1] then
    return 0
end
for i = 2, #ARGV do
    redis.call('RPUSH', KEYS[1], ARGV[i])
end
return 1
"""


def connect(address: str) -> Redis:
    """Return a client that gives up after 5 s, and sends nothing twice.

    A client that repeats an append by itself would be told that it came too late: for itself.
    """
    retry = Retry(NoBackoff(), 0)
    return Redis.from_url(address, socket_connect_timeout=5, socket_timeout=5, retry=retry)  # pyright: ignore[reportUnknownMemberType]  # its **kwargs


@attrs.frozen
class RedisStore:
    """The record of one registry: one list. Its last entry has the fingerprint that is compared.

    Args:
        client: What `connect` returned.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    client: Redis
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        texts = self._texts(max(since - 1, 0))
        if since and texts and _ends_with(fingerprint, texts[0]):
            return from_entries(map(json.loads, texts[1:]), after=fingerprint)
        if since and not (texts := self._texts(0)):
            raise InvalidData(self.name, f"its {since} events are gone")
        return from_entries(map(json.loads, texts))

    def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        texts = map(json.dumps, to_entries(events, after=fingerprint))
        return bool(self.client.eval(APPEND, 1, key(self.name), fingerprint, *texts))

    def _texts(self, first: int) -> list[bytes]:
        found: list[Any] = self.client.lrange(key(self.name), first, -1)
        return found


def key(name: str) -> str:
    """Return the key of the list of a registry."""
    return f"lastgood:{name}"


def _ends_with(fingerprint: str, text: bytes) -> bool:
    """Whether an entry has this fingerprint; one that cannot be read has none."""
    try:
        return bool(json.loads(text)["fingerprint"] == fingerprint)
    except ValueError:
        return False
