"""What a race says of a store that does not compare."""

from tests.tools.deployments.racing import CONTROLLERS, Figures


def assert_careless(figures: Figures, *, rounds: int) -> None:
    """The race is real: if nothing is compared all controllers win, and updates are lost."""
    assert not figures.right
    assert figures.races == rounds
    assert figures.winners == rounds * CONTROLLERS
    assert figures.lost >= rounds * (CONTROLLERS - 1)
