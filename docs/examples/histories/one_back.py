"""What "one back" does, as a strategy to compare with."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry


@attrs.frozen
class OneBack(RollbackStrategy):
    """Goes to what served right before, whatever it was.

    It follows the order of deployments with everything that was left in it, so the second time it
    goes forward again. ``helm rollback`` without a number, ``kubectl rollout undo`` and the button
    of many tools do that. The safety check rejects what had been left, which is where one back
    would have gone wrong.
    """

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for deployment in reversed(registry.deployments):
            if deployment.version != registry.current:
                yield Candidate.accept(registry[deployment.version])
                return
