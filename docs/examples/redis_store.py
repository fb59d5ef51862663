"""Registries in Redis: a list of events for each."""

import json
from collections.abc import Sequence
from typing import Final

import attrs
from redis import Redis

from lastgood import Event, VersionRegistry

#: Redis runs a script alone: between the question and the answer nobody else writes.
APPEND: Final = """
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then
    return 0
end
for i = 2, #ARGV do
    redis.call('RPUSH', KEYS[1], ARGV[i])
end
return 1
"""


@attrs.frozen
class RedisStore:
    """One list per registry. Whoever finds it as long as it was read has won."""

    client: Redis

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        texts = self.client.lrange(f"lastgood:{name}", 0, -1)
        return VersionRegistry.from_dict({"format": 1, "events": [*map(json.loads, texts)]})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        texts = [json.dumps(event.to_dict()) for event in events]
        return bool(self.client.eval(APPEND, 1, f"lastgood:{name}", str(before), *texts))
