"""Section 2.4: one span during which a version served, as a frozen value."""

import pytest

from lastgood import Deployment
from tests.registry.making import NOON, deployed, hour, untyped


def test_a_deployment_tells_its_facts() -> None:
    """A deployment has a version, two ends, a kind, whether it rewound, and a reason."""
    registry = deployed("1").deploy("1", at=hour(0)).register("2").deploy("2", at=hour(2))
    assert registry.deployments[1] == Deployment(
        version="1", at=NOON, ended_at=hour(2), kind="deployed", rewound=False, reason=""
    )


def test_deployments_are_equal_by_value() -> None:
    """Deployments are equal where all that they tell is."""
    one, two = deployed("1").deployments[0], deployed("1").deployments[0]
    assert one == two
    assert hash(one) == hash(two)
    assert one != deployed("2").deployments[0]
    assert one != untyped("1")


def test_a_deployment_is_frozen() -> None:
    """Nothing of a deployment can be set."""
    deployment = untyped(deployed("1").deployments[0])
    for name in ("version", "at", "ended_at", "kind", "rewound", "reason", "more"):
        with pytest.raises(AttributeError):
            setattr(deployment, name, None)
