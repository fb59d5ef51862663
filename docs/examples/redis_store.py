"""Registries in Redis: a list of events for each, and the fingerprint that they end with."""

import json
from typing import Final

import attrs
from redis import Redis

from docs.examples.controller import whole
from lastgood import VersionRegistry

#: Redis runs a script alone: between the question and the answer nobody else writes.
APPEND: Final = """
local before, after, empty = ARGV[1], ARGV[2], ARGV[3]
if (redis.call('GET', KEYS[2]) or empty) ~= before then
    return 0
end
for i = 4, #ARGV do
    redis.call('RPUSH', KEYS[1], ARGV[i])
end
redis.call('SET', KEYS[2], after)
return 1
"""

LOAD: Final = "return {redis.call('LRANGE', KEYS[1], 0, -1), redis.call('GET', KEYS[2])}"


@attrs.frozen
class RedisStore:
    """One list per registry, and the fingerprint beside it. Whoever changes that first has won."""

    client: Redis

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        texts, found = self.client.eval(LOAD, 2, *keys(name))
        if found is None:
            return VersionRegistry()
        return whole(name, [*map(json.loads, texts)], found.decode())

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        texts = [json.dumps(event.to_dict()) for event in after.events[before.revision :]]
        ends = [registry.fingerprint for registry in (before, after, VersionRegistry())]
        return bool(self.client.eval(APPEND, 2, *keys(name), *ends, *texts))


def keys(name: str) -> tuple[str, str]:
    """Return the keys of the events and of the fingerprint; one node of a cluster has both."""
    return f"lastgood:{{{name}}}:events", f"lastgood:{{{name}}}:fingerprint"
