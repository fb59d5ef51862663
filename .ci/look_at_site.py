"""Open a built site in headless Chromium: ``python .ci/look_at_site.py <folder> [<screenshots>]``.

The site is served on the loopback interface only. On a desktop in light and on a phone in dark:

1. Every page opens, and the console of the browser stays empty.
2. Nothing is asked for that is not there, and nothing of another host.
3. No page is wider than its window.
4. No page of the reference is longer than six windows.
5. The search finds `LastStable`, and what people ask for in their own words.
6. Without scripts, the incidents can be filtered by cause and gone through step by step.

With a second folder, pictures of all pages are left there for people to look at, in all four ways.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from typing_extensions import override

#: Width and height in pixels.
WINDOWS = {"desktop": (1440, 900), "phone": (390, 844)}
#: A narrower window belongs to a phone.
NARROW = 600
SCHEMES = ["light", "dark"]
#: What is checked: each width and each scheme once. Pictures are taken of all four.
CHECKED = [("desktop", "light"), ("phone", "dark")]
#: A picture of a page is no longer than this.
LONGEST = 12_000
#: No page of the reference is longer, but for these.
SCREENS = 6
LONG = {
    "reference/overview.html",  # one line a name: it grows with the names
    "reference/backtest.html",  # as the next one
    "reference/control.html",
    "reference/data.html",
    "reference/testing.html",  # one page for the kit, which few open
    "reference/changelog.html",  # it grows
}
SEARCHED = "LastStable"
#: What people search for, and a page that must be among the first results.
QUESTIONS = {
    "thread safe": "faq.html",
    "async": "faq.html",
    "timezone": "reference/time.html",
    "pandas": "how-to/cookbook.html",
    "install": "installation.html",
}
#: How many results somebody looks at.
FIRST = 5
SECONDS = 30
FLAGS = [
    "--headless",
    "--no-sandbox",  # it opens our own pages only, and CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing about it."""

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback interface while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Chrome]:
    """Run Chromium, as Debian packages it, while the block runs."""
    options = Options()
    options.binary_location = found("chromium", "google-chrome")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory() as profile:
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        browser = Chrome(options=options, service=Service(found("chromedriver")))
        try:
            yield browser
        finally:
            browser.quit()


def found(*programs: str) -> str:
    """Return the path of one of the programs, or say that it is missing."""
    for path in filter(None, map(shutil.which, programs)):
        return path
    sys.exit(f"there is no {programs[0]}: apt-get install chromium chromium-driver")


def show(browser: Chrome, width: int, height: int, scheme: str) -> None:
    """Set what the pages see of the reader's screen."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < NARROW}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def problems(browser: Chrome, base: str) -> Iterator[str]:
    """Yield what is wrong with the page that is open."""
    for entry in browser.get_log("browser"):
        yield f"{entry['level']}: {entry['message']}"
    loaded = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    for address in browser.execute_script(loaded):
        if not address.startswith((base, "data:")):
            yield f"it loads {address}"
    wide, window = browser.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if wide > window:
        yield f"it is {wide} pixels wide, in a window of {window}"


def picture(browser: Chrome, path: Path, screen: tuple[int, int], scheme: str) -> None:
    """Leave a picture of the whole page that is open."""
    height = browser.execute_script("return document.documentElement.scrollHeight")
    show(browser, screen[0], min(height, LONGEST), scheme)
    path.parent.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(path))
    show(browser, *screen, scheme)


def long_pages(browser: Chrome, base: str, pages: list[str]) -> Iterator[str]:
    """Yield the pages of the reference that nobody reads to their end."""
    width, height = WINDOWS["desktop"]
    show(browser, width, height, "light")
    for page in pages:
        if page.startswith("reference/") and page not in LONG:
            browser.get(base + page)
            found = "return document.querySelector('.content').scrollHeight"
            screens = browser.execute_script(found) / height
            if screens > SCREENS:
                yield f"{page} is {screens:.1f} windows long"


def search(browser: Chrome, base: str, words: str) -> list[str]:
    """Return where the results of a search lead."""
    browser.get(f"{base}search.html?q={quote(words)}")
    results = (By.CSS_SELECTOR, "#search-results ul.search li a")
    _ = WebDriverWait(browser, SECONDS).until(lambda page: page.find_elements(*results))
    return [str(link.get_attribute("href")) for link in browser.find_elements(*results)]


def incidents(browser: Chrome, base: str) -> Iterator[str]:
    """Yield what cannot be done in the gallery of incidents by somebody who allows no scripts."""
    cards, headings = ".incident-cards > li", ".incident-heading"
    _ = browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{base}incidents.html")
    everything = len(visible(browser, cards))
    browser.find_element(By.CSS_SELECTOR, 'label[for="only-late"]').click()
    if not 0 < len(visible(browser, cards)) < everything:
        yield "incidents.html cannot be filtered"
    browser.get(f"{base}incidents/late.html")
    first = visible(browser, headings)
    for words in ("Next", "Previous"):
        turns = visible(browser, ".incident-turn label")
        next(turn for turn in turns if words in turn.text).click()
        changed = visible(browser, headings) != first
        if len(visible(browser, headings)) != len(first) or changed is (words == "Previous"):
            yield f"incidents/late.html has no {words} that leads to one step"
    _ = browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def visible(browser: Chrome, selector: str) -> list[WebElement]:
    """Return what a reader sees of the parts of a page."""
    parts = browser.find_elements(By.CSS_SELECTOR, selector)
    return [part for part in parts if part.is_displayed()]


def look(browser: Chrome, base: str, pages: list[str], pictures: Path | None) -> Iterator[str]:
    """Open every page in each way, and yield what is wrong."""
    for device, scheme in CHECKED if pictures is None else product(WINDOWS, SCHEMES):
        screen = WINDOWS[device]
        show(browser, *screen, scheme)
        for page in pages:
            browser.get(base + page)
            for problem in problems(browser, base):
                yield f"{page}, {device}, {scheme}: {problem}"
            if pictures is not None:
                name = page.removesuffix(".html").replace("/", "-")
                picture(browser, pictures / f"{name}-{device}-{scheme}.png", screen, scheme)
    yield from long_pages(browser, base, pages)
    yield from incidents(browser, base)
    for words, page in QUESTIONS.items():
        first = search(browser, base, words)[:FIRST]
        if not any(link.removeprefix(base).startswith(page) for link in first):
            yield f"search: {words} leads to {first}, and not to {page}"
    found_at = search(browser, base, SEARCHED)
    yield from (f"search: {problem}" for problem in problems(browser, base))
    if not any(f"reference/strategies.html#lastgood.{SEARCHED}" in link for link in found_at):
        yield f"search: {SEARCHED} is not found where it is explained, but at {found_at}"


def main(folder: str, pictures: str | None = None) -> None:
    """Say all that is wrong, or how much was looked at."""
    site = Path(folder).resolve()
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    with served(site) as base, chromium() as browser:
        version = browser.capabilities["browserVersion"]
        wrong = [*look(browser, base, pages, Path(pictures) if pictures else None)]
    if wrong or not pages:
        sys.exit("\n".join(wrong) or f"there is no page in {site}")
    print(f"{len(pages)} pages opened in Chromium {version}, and {SEARCHED} is found")


if __name__ == "__main__":
    if sys.argv[1:] == ["--can"]:  # whether there is a browser to look with
        _ = found("chromium", "google-chrome"), found("chromedriver")
    else:
        main(*sys.argv[1:])
