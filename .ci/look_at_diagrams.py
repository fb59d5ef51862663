"""Draw diagrams with Mermaid in headless Chromium: ``look_at_diagrams.py FOLDER [PICTURES]``.

The folder has what npm installed for ``tests/tools/diagrams/package.json``. For each release of
Mermaid in it:

1. Hostile labels and reasons can be read in the drawing as they were meant.
2. A drawing is hardly made smaller where 860 pixels are free, as in a README: nine failed tries
   not at all.

With a second folder, pictures of the stories are left there for people to look at.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from look_at_site import chromium, served, show
from selenium.webdriver import Chrome

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from lastgood import LastStable, VersionRegistry  # noqa: E402  # they are found from here on
from lastgood.render import mermaid  # noqa: E402
from tests.render.stories import again_and_again, failed_update, month, rolled_back  # noqa: E402
from tests.tools.diagrams.__main__ import PACKAGES, problems  # noqa: E402
from tests.tools.diagrams.cases import cases  # noqa: E402

#: How wide a README is on a forge, in pixels.
WIDEST: Final = 860
#: At most this much smaller than Mermaid draws them are the stories there.
SMALLEST: Final = 0.8
CASES: Final = 100
SEED: Final = 1


def planned() -> str:
    """Return the diagram of a failed update with its plan."""
    registry = failed_update()
    return mermaid(registry, plan=LastStable().plan(registry))


def nine_tries() -> str:
    """Return the diagram of nine failed tries, and a tenth version that serves."""
    return mermaid(again_and_again(9).register("v9").deploy("v9"))


def nine_images() -> str:
    """Return the same of images with long names, which fail for long reasons."""
    registry = VersionRegistry().register("good").deploy("good").mark_stable("good")
    for number in range(9):
        label = f"registry.example/churn:2026-05-0{number}-9f86d081884c"
        registry = registry.register(label).deploy(label)
        registry = registry.mark_failed(label, reason="readiness probe failed: HTTP 503 after 90 s")
        registry = registry.roll_back(LastStable().plan(registry), by="monitor/readiness")
    return mermaid(registry)


#: Each with how much smaller than Mermaid draws it it may be.
STORIES: Final[Mapping[str, tuple[Callable[[], str], float]]] = {
    "nine-tries": (nine_tries, 1),
    "nine-images": (nine_images, 1),
    "month": (lambda: mermaid(month()), SMALLEST),
    "plan": (planned, 1),
    "rolled-back": (lambda: mermaid(rolled_back()), 1),
}

#: Draws a diagram into the page, as wide as it is, and answers as `parsed.mjs` does. Names of nodes
#: and edges stand in their elements, with words around them that each release chooses.
DRAW: Final = """
const [diagram, wide, done] = arguments;
document.body.innerHTML = `<div id="place" style="width:${wide}px"></div>`;
const place = document.getElementById("place");
mermaid.render("drawing", diagram).then(({svg}) => {
  place.innerHTML = svg;
  const words = (each) => each ? each.textContent : "";
  const nodes = {}, edges = [];
  for (const node of place.querySelectorAll("g.node"))
    nodes[node.id.match(/flowchart-(\\w+)-\\d+$/)[1]] = words(node.querySelector(".label"));
  for (const edge of place.querySelectorAll(".edgePaths path[data-edge=true]")) {
    const id = edge.getAttribute("data-id");
    const [, from, to] = id.match(/L_([^_]+)_([^_]+)_\\d+$/);
    edges.push([from, to, words(place.querySelector(`.edgeLabels [data-id="${id}"]`))]);
  }
  const box = place.querySelector("svg").viewBox.baseVal;
  done({nodes, edges, width: box.width, height: box.height});
}).catch((error) => done({error: String(error)}));
"""


def look(browser: Chrome, base: str, name: str, pictures: Path | None) -> Iterator[str]:
    """Draw everything with one release, and yield what is wrong."""
    browser.get(base)
    browser.execute_async_script(
        "const script = document.createElement('script');"
        "script.src = arguments[0]; script.onload = arguments[1]; document.head.append(script);",
        f"{base}node_modules/{name}/dist/mermaid.min.js",
    )
    browser.execute_script("mermaid.initialize({startOnLoad: false})")
    for story, (diagram, smallest) in STORIES.items():
        drawn = draw(browser, diagram())
        if "error" in drawn or smallest * drawn["width"] > WIDEST:
            yield f"{story}: {drawn.get('error') or drawn['width']}"
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(pictures / f"{name}-{story}.png"))
    for case in cases(SEED, CASES):
        yield from problems(case, draw(browser, case.diagram))


def draw(browser: Chrome, diagram: str) -> dict[str, Any]:
    """Draw a diagram; return its texts, or the error."""
    answer: dict[str, Any] = browser.execute_async_script(DRAW, diagram, WIDEST)
    return answer


def main(folder: str, pictures: str | None = None) -> None:
    """Say all that is wrong, or how much was looked at."""
    wrong: list[str] = []
    with served(Path(folder).resolve()) as base, chromium() as browser:
        browser.set_script_timeout(60)
        show(browser, WIDEST, 1200, "light")
        for name in PACKAGES:
            wrong += look(browser, base, name, Path(pictures) if pictures else None)
    if wrong:
        sys.exit("\n\n".join(wrong[:10]))
    print(f"{CASES} hostile diagrams and {len(STORIES)} stories, drawn by {len(PACKAGES)} releases")


if __name__ == "__main__":
    main(*sys.argv[1:])
