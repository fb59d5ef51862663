"""The pictures that are kept, and those of the documentation: ``python -m tests.render.golden``.

1. Every picture is kept as it was when somebody looked at it. A test compares; only this program
   writes.
2. After a change that is meant, run it, look at what git says is different, and at the drawings.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lastgood import LastStable, VersionRegistry
from lastgood.render import mermaid, svg, timeline
from tests.render.stories import again_and_again, failed_update, in_a_row, month, rolled_back

_ROOT: Final = Path(__file__).resolve().parents[2]
_KEPT: Final = _ROOT / "tests" / "render" / "golden"
_SHOWN: Final = _ROOT / "docs" / "pictures"


def with_plan(registry: VersionRegistry) -> str:
    """Return the drawing of a registry with the plan to go back to the last stable version."""
    return svg(registry, plan=LastStable().plan(registry))


#: The files, and what makes each of them.
PICTURES: Final[Mapping[Path, Callable[[], str]]] = {
    _KEPT / "nothing.txt": lambda: timeline(VersionRegistry().register("v1.0")),
    _KEPT / "month.txt": lambda: timeline(month()),
    _KEPT / "in_a_row.txt": lambda: timeline(in_a_row(9), last=12),
    _KEPT / "nothing.mmd": lambda: mermaid(VersionRegistry().register("v1.0")),
    _KEPT / "month.mmd": lambda: mermaid(month()),
    _KEPT / "again_and_again.mmd": lambda: mermaid(again_and_again(5), last=6),
    _KEPT / "nothing.svg": lambda: svg(VersionRegistry().register("v1.0")),
    _KEPT / "month.svg": lambda: with_plan(month()),
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
