"""Check a built site: ``python .ci/check_site.py <folder>``. It opens no browser and no connection.

1. Every link and every address inside the site leads to a file, and to an anchor that is there.
2. No page loads anything from elsewhere: the site can be read without a network.
3. Every public name of lastgood, and every public member of one, has a place in the reference.
4. ``llms.txt`` lists every page.
5. Every incident of ``tests/cases`` is on the page of its cause, with all its steps and pictures.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from sphinx.util.inventory import InventoryFile
from typing_extensions import override

import lastgood

sys.path.append(str(Path(__file__).parents[1]))
from tests.cases.replay import replayed
from tests.cases.telling import Case, every_case

#: The attributes in which a page names something that a browser loads by itself.
LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src")}
#: Pages that Sphinx makes, and that are nothing to read.
MADE = {"genindex.html", "py-modindex.html", "search.html"}


class Page(HTMLParser):
    """The anchors of a page, and what it refers to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text("utf-8"))

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in {"href", "src"} and value:
                self.links.append(value)
                if (tag, name) in LOADED:
                    self.loaded.append(value)


page = cache(Page)


def broken_links(site: Path) -> Iterator[str]:
    """Yield what leads nowhere."""
    for path in sorted(site.rglob("*.html")):
        for link in page(path).links:
            if not urlsplit(link).scheme and not _is_there(path, link):
                yield f"{path.relative_to(site)} links to {link}, which is not there"


def _is_there(path: Path, link: str) -> bool:
    address, anchor = urldefrag(link)
    file = urlsplit(unquote(address)).path
    target = (path.parent / file).resolve() if file else path
    if not target.is_file() or not anchor or target.suffix != ".html":
        return target.is_file()
    return anchor == "" or unquote(anchor) in page(target).anchors


def loaded_from_elsewhere(site: Path) -> Iterator[str]:
    """Yield what a browser would ask another host for."""
    for path in sorted(site.rglob("*.html")):
        for address in page(path).loaded:
            if urlsplit(address).netloc:
                yield f"{path.relative_to(site)} loads {address}"


def missing_names(site: Path) -> Iterator[str]:
    """Yield the public names that the reference does not explain."""
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    documented = {
        name for kind, names in inventory.data.items() if kind.startswith("py:") for name in names
    }
    for name, thing in _public():
        if not _homes(name) & documented:
            yield f"{name} is not in the reference"
        if inspect.isclass(thing):
            yield from (
                f"{name}.{member} is not in the reference"
                for member in _members(thing)
                if not _is_explained(thing, name, member, documented)
            )


def _public() -> Iterator[tuple[str, object]]:
    """Yield what users import, by the name under which they do."""
    beside = [found.name for found in pkgutil.iter_modules(lastgood.__path__, "lastgood.")]
    modules = [importlib.import_module(name) for name in beside if "._" not in name]
    for module in [lastgood, *modules]:
        for name in module.__all__:
            thing = getattr(module, name)
            if not inspect.ismodule(thing):
                yield f"{module.__name__}.{name}", thing


def _homes(name: str) -> set[str]:
    """Return the names under which the reference may explain what has this name."""
    last = name.rpartition(".")[2]
    homes = ["lastgood", "lastgood.errors", "lastgood.rules", "lastgood.strategies"]
    return {
        name,
        *(f"{home}.{last}" for home in homes if hasattr(importlib.import_module(home), last)),
    }


def _members(thing: type) -> set[str]:
    """Return the public members that a class got from lastgood."""
    owners = [owner for owner in thing.__mro__ if owner.__module__.startswith("lastgood")]
    return {name for owner in owners for name in vars(owner) if not name.startswith("_")}


def _is_explained(thing: type, name: str, member: str, documented: set[str]) -> bool:
    """Return whether the class, or one that it inherits from, explains the member."""
    docs = (base.__doc__ or "" for base in thing.__mro__ if base.__module__.startswith("lastgood"))
    if any(re.search(rf"^\s+{member}: ", doc, re.MULTILINE) for doc in docs):
        return True  # among the arguments or the attributes
    bases = [name, *(f"lastgood.{base.__name__}" for base in thing.__mro__)]
    bases += [f"{base.__module__}.{base.__name__}" for base in thing.__mro__]
    return any(f"{home}.{member}" in documented for base in bases for home in _homes(base))


def unlisted_pages(site: Path) -> Iterator[str]:
    """Yield the pages that ``llms.txt`` does not list."""
    listed = set(re.findall(r"\]\(([^)]+)\)", (site / "llms.txt").read_text("utf-8")))
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if name not in listed | MADE | {"index.html"}:
            yield f"llms.txt does not list {name}"


def missing_incidents(site: Path) -> Iterator[str]:
    """Yield what the gallery of incidents does not show as it is in the data."""
    for case in every_case():
        shown = page(site / "incidents" / f"{case.cause}.html")
        name = case.name.replace("_", "-")
        steps = [anchor for anchor in shown.anchors if re.fullmatch(rf"{name}-\d+", anchor)]
        if name not in shown.anchors or len(steps) != len(case.steps):
            yield f"incidents/{case.cause}.html shows {len(steps)} steps of {case.name}"
        elif _pictures(site, shown, name) != _drawn(case):
            yield f"incidents/{case.cause}.html shows other pictures of {case.name}"


def _pictures(site: Path, shown: Page, name: str) -> list[str]:
    """Return the pictures of an incident that the site has, in order."""
    files = (file for file in shown.loaded if re.search(rf"/{name}-\d+\.svg$", file))
    return [(site / "incidents" / file).resolve().read_text("utf-8") for file in files]


def _drawn(case: Case) -> list[str]:
    return [step.picture for step in replayed(case)]


def main(folder: str) -> None:
    """Say all that is wrong, or how much was looked at."""
    site = Path(folder).resolve()
    checks = [
        broken_links,
        loaded_from_elsewhere,
        missing_names,
        unlisted_pages,
        missing_incidents,
    ]
    if wrong := [problem for check in checks for problem in check(site)]:
        sys.exit("\n".join(wrong))
    pages = sorted(site.rglob("*.html"))
    links = sum(len(page(path).links) for path in pages)
    print(
        f"{len(pages)} pages, {links} links, {len(list(_public()))} public names: all as promised"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
