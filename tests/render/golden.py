"""The pictures that are kept, and those of the documentation: ``python -m tests.render.golden``.

1. Every picture is kept as it was when somebody looked at it. A test compares; only this program
   writes.
2. After a change that is meant, run it, look at what git says is different, and at the drawings.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lastgood import LastStable, Pinned, Previous, RollbackStrategy, VersionRegistry
from lastgood.render import mermaid, svg, timeline
from lastgood.rules import Except
from tests.render.stories import (
    again_and_again,
    around_the_limits,
    down,
    failed_update,
    in_a_row,
    lengths,
    long_labels,
    month,
    odd_widths,
    put_forward_again,
    redeployed,
    rolled_back,
    show,
    undeployed,
    unpacked,
    wide,
    wordy,
)

_ROOT: Final = Path(__file__).resolve().parents[2]
_KEPT: Final = _ROOT / "tests" / "render" / "golden"
_SHOWN: Final = _ROOT / "docs" / "pictures"
_LAST_STABLE: Final = LastStable()


def with_plan(
    registry: VersionRegistry,
    strategy: RollbackStrategy = _LAST_STABLE,
    *,
    last: int = 20,
    leaving: str | None = None,
) -> str:
    """Return the drawing of a registry with a plan, that of the last stable version by default."""
    return svg(registry, plan=strategy.plan(registry, leaving=leaving), last=last)


#: The files, and what makes each of them.
PICTURES: Final[Mapping[Path, Callable[[], str]]] = {
    _KEPT / "nothing.txt": lambda: timeline(VersionRegistry().register("v1.0")),
    _KEPT / "month.txt": lambda: timeline(month()),
    _KEPT / "in_a_row.txt": lambda: timeline(in_a_row(9), last=12),
    _KEPT / "long_labels.txt": lambda: "\n\n".join(map(timeline, long_labels())),
    _KEPT / "odd_widths.txt": lambda: timeline(odd_widths()),
    _KEPT / "undeployed.txt": lambda: timeline(undeployed()),
    _KEPT / "explained.txt": lambda: Previous(steps=15).plan(lengths(), leaving="a" * 45).explain(),
    _KEPT / "around_the_limits.mmd": lambda: mermaid(around_the_limits()),
    _KEPT / "nothing.mmd": lambda: mermaid(VersionRegistry().register("v1.0")),
    _KEPT / "month.mmd": lambda: mermaid(month()),
    _KEPT / "undeployed.mmd": lambda: mermaid(undeployed()),
    _KEPT / "again_and_again.mmd": lambda: mermaid(again_and_again(5), last=6),
    _KEPT / "rolled_back.mmd": lambda: mermaid(rolled_back()),
    _KEPT / "nothing.svg": lambda: svg(VersionRegistry().register("v1.0")),
    _KEPT / "month.svg": lambda: with_plan(month()),
    _KEPT / "undeployed.svg": lambda: with_plan(undeployed(), leaving="v1.1"),
    _KEPT / "month.html": lambda: unpacked(show(month())),
    _KEPT / "month_plan.html": lambda: unpacked(show(LastStable().plan(month()))),
    _KEPT / "wordy_plan.html": lambda: unpacked(show(LastStable().plan(wordy()))),
    _KEPT / "month_review.html": lambda: show(LastStable().review(month())),
    _KEPT / "nothing.html": lambda: unpacked(show(VersionRegistry())),
    _KEPT / "wordy.svg": lambda: with_plan(wordy()),
    _KEPT / "wordy.html": lambda: unpacked(show(wordy())),
    _KEPT / "beyond.svg": lambda: with_plan(down(20), last=4),
    _KEPT / "one_beyond.svg": lambda: with_plan(down(5), last=5),
    _KEPT / "redeployed.svg": lambda: with_plan(redeployed(), Previous()),
    _KEPT / "lengths.svg": lambda: with_plan(lengths(), Previous(), last=24, leaving="a" * 45),
    _KEPT / "wide.svg": lambda: with_plan(
        wide(), Previous().where(Except("b" * 46, "x" * 90)), leaving="c" * 46
    ),
    _KEPT / "twice.svg": lambda: with_plan(
        wide(), Pinned("c" * 46) | LastStable() | Previous(), leaving="c" * 46
    ),
    _KEPT / "in_a_row.svg": lambda: svg(in_a_row(14), last=28),
    _KEPT / "two_lanes.svg": lambda: svg(in_a_row(3)),
    _KEPT / "upwards.svg": lambda: with_plan(put_forward_again(), Pinned("v1.2")),
    _KEPT / "downwards.svg": lambda: svg(
        rolled_back(), plan=LastStable().plan(failed_update())
    ),  # A plan that has been carried out.
    _KEPT / "aside.svg": lambda: with_plan(put_forward_again(), Pinned("v1.1")),
    _SHOWN / "way_back.svg": lambda: with_plan(failed_update()),
    _SHOWN / "rolled_back.svg": lambda: svg(rolled_back()),
    _SHOWN / "month.svg": lambda: svg(month()),
}


def main() -> None:
    """Write all files."""
    for path, picture in PICTURES.items():
        path.parent.mkdir(exist_ok=True)
        _ = path.write_text(f"{picture()}\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
