"""Click "Run" in a built site: ``python .ci/run_in_browser.py <folder> [<screenshots>]``.

The site must have been built with Python for the browser: docs/playground.md. It is served on the
loopback interface only, with a content security policy: the headless Chromium asks no other host,
neither for a page nor for its worker, and reports what wanted to.

1. Before the first click nothing of Python is asked for.
2. Every example of the first page, the tutorial and the page that tries things runs, and what it
   prints is what the page shows below it.
3. A change of a line, and an error of lastgood, are answered as Python answers them. Lines that are
   typed or pasted are lines of the code.
4. A history is back-tested, as a table and as the JSON of a registry; what is wrong is said.
5. Nothing is asked of another host, the console of the browser stays empty, and no page gets wider
   than its window.

With a second folder, pictures of the pages are left there, in two widths, light and dark.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread

from look_at_site import SCHEMES, WINDOWS, chromium, picture, problems, show
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from typing_extensions import override

from lastgood import LastStable, Previous, VersionRegistry
from lastgood.backtest import backtest

#: The pages, each with how many of its examples are run: all.
PAGES = ["index.html", "tutorial.html", "playground.html"]
#: Loading takes some seconds, and a whole tutorial a few more; a busy machine takes longer.
SECONDS = 300
#: What a page and its worker may load: what this host has, and what stands in the page itself.
POLICY = (
    "default-src 'self' data: 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; report-uri /report"
)
#: What the text of a request for Python has.
OF_PYTHON = ("pyodide", "worker.js", "packages.zip", "answers.py")

#: Put the caret behind the code, or before its second line.
TO_THE_END = "arguments[0].focus(); getSelection().selectAllChildren(arguments[0]);"
TO_THE_END += "getSelection().collapseToEnd();"
TO_THE_SECOND_LINE = """
    arguments[0].focus();
    const texts = document.createTreeWalker(arguments[0], NodeFilter.SHOW_TEXT);
    while (texts.nextNode() && !texts.currentNode.data.includes("\\n"));
    getSelection().collapse(texts.currentNode, texts.currentNode.data.indexOf("\\n") + 1);
"""
#: Paste a text, as the browser says it to the page.
PASTE = """
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", arguments[1]);
    const event = { clipboardData, bubbles: true, cancelable: true };
    arguments[0].dispatchEvent(new ClipboardEvent("paste", event));
"""


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder, with a policy that forbids the browser to ask any other host."""

    asked: list[str] = []  # noqa: RUF012 - one list for all requests
    reports: list[str] = []  # noqa: RUF012 - as above

    @override
    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def do_POST(self) -> None:
        """Take a report about something forbidden."""
        length = int(self.headers["Content-Length"])
        self.reports.append(self.rfile.read(length).decode())
        self.send_response(204)
        self.end_headers()

    @override
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")  # each page asks for all that it needs
        super().end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback interface while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def examples(browser: Chrome) -> list[WebElement]:
    """Return the examples of the page that is open."""
    return browser.find_elements(By.CSS_SELECTOR, "article div.highlight-python")


def expected(browser: Chrome, example: WebElement) -> str | None:
    """Return what the page shows below an example, if it does."""
    script = """
        let below = arguments[0].nextElementSibling;
        const ours = '.run-bar, .run-text, .run-picture';
        while (below?.matches(ours)) below = below.nextElementSibling;
        return below?.matches('.highlight-text') ? below.querySelector('pre').textContent : null;
    """
    return browser.execute_script(script, example)


def answer(browser: Chrome, bar: WebElement, action: str = "click") -> str:
    """Click on a button, wait, and return what was printed."""
    button = bar.find_element(By.TAG_NAME, "button")
    state = bar.find_element(By.CLASS_NAME, "run-state")
    if action == "click":
        browser.execute_script("arguments[0].click()", button)  # also where a tab hides it
    said = "return arguments[0].textContent"
    _ = WebDriverWait(browser, SECONDS).until(
        lambda page: page.execute_script(said, button) == "Run" and page.execute_script(said, state)
    )
    text = "return arguments[0].nextElementSibling.textContent"
    words = str(browser.execute_script(said, state))
    return str(browser.execute_script(text, bar)) if " ms." in words else words


def bar_of(browser: Chrome, example: WebElement) -> WebElement:
    """Return what stands below an example."""
    return browser.execute_script("return arguments[0].nextElementSibling", example)


def of_python(asked: list[str]) -> list[str]:
    """Return the requests for Python."""
    return [path for path in asked if any(part in path for part in OF_PYTHON)]


def run_page(browser: Chrome, page: str) -> Iterator[str]:
    """Run each example of the page that is open, and yield what is wrong."""
    found = examples(browser)
    if not found:
        yield f"{page}: it has no example"
    for number, example in enumerate(found, 1):
        wanted = expected(browser, example)
        printed = answer(browser, bar_of(browser, example))
        if printed != (wanted or ""):
            yield f"{page}: example {number} prints {printed!r}, and the page shows {wanted!r}"
    pictures = browser.find_elements(By.CSS_SELECTOR, ".run-picture:not([hidden]) svg")
    if not pictures:
        yield f"{page}: there is no picture"


def run_changed(browser: Chrome) -> Iterator[str]:
    """Change the example of the page that tries things, run it, and yield what is wrong."""
    example = examples(browser)[0]
    code = example.find_element(By.TAG_NAME, "pre")
    original = str(code.get_attribute("textContent"))
    changes = {
        '.mark_stable("v1.0")': ('.retire("v1.0")', "NoRollbackTarget: No way back from v1.2"),
        'replacing="v1.1"': ('replacing="v1.0"', "NotCurrent: "),
        "LastStable().plan": ("Previous().plan", "NameError: name 'Previous' is not defined"),
        "print(plan.explain())": ("plan", ""),
    }
    for old, (new, words) in changes.items():
        change = "arguments[0].textContent = arguments[1]"
        browser.execute_script(change, code, original.replace(old, new))
        printed = answer(browser, bar_of(browser, example))
        if words not in printed:
            yield f"{new} is answered with {printed!r}, without {words!r}"
    browser.execute_script("arguments[0].textContent = arguments[1]", code, original)


def run_typed(browser: Chrome) -> Iterator[str]:
    """Type and paste lines into the same example, and yield what is wrong."""
    example = examples(browser)[0]
    code = example.find_element(By.TAG_NAME, "pre")
    original = str(code.get_attribute("innerHTML"))
    lines = 'for word in ["typed"]:\n    print(word)\n\nprint("last")'
    for way in ("typed", "pasted"):
        browser.execute_script(TO_THE_END, code)
        if way == "typed":
            code.send_keys(Keys.ENTER, *lines.replace("\n", Keys.ENTER), Keys.ENTER)
        else:
            browser.execute_script(PASTE, code, f"\n{lines}\n")
        printed = answer(browser, bar_of(browser, example))
        if not printed.endswith("stable\ntyped\nlast\n"):
            yield f"lines that were {way} at the end print {printed!r}"
        browser.execute_script(TO_THE_SECOND_LINE, code)
        if way == "typed":
            code.send_keys('print("above")', Keys.ENTER)
        else:
            browser.execute_script(PASTE, code, 'print("above")\n')
        printed = answer(browser, bar_of(browser, example))
        if not printed.startswith("above\nRoll back"):
            yield f"a line that was {way} above others prints {printed!r}"
        browser.execute_script("arguments[0].innerHTML = arguments[1]", code, original)


def run_histories(browser: Chrome) -> Iterator[str]:
    """Paste histories into the form, and yield what is wrong."""
    statuses = {"v1": "stable", "v2": "unproven", "v3": "failed"}
    registry = VersionRegistry.from_statuses(statuses, current="v3")
    back = registry.roll_back(LastStable().plan(registry))
    table = "\n".join(f"{version}  {status}" for version, status in statuses.items())
    cases = [
        (table, "LastStable()", backtest(registry, LastStable()).explain()),
        (json.dumps(statuses), "Previous()", backtest(registry, Previous()).explain()),
        (json.dumps(back.to_dict()), "LastStable()", backtest(back, LastStable()).explain()),
        (table, '{"pinned": "v1"}', "Roll back v3 -> v1    Pinned('v1')"),
        (table, "LastStable().where(AtLeast('v9'))", "No way back from v3"),
        ('{"format": 99, "events": []}', "LastStable()", "InvalidData: format: "),
        ("v1: stable\nv2: failed", "LastStable()", "Roll back v2 -> v1    LastStable()"),
        ("", "LastStable()", "Nothing was pasted."),
        ("v1 stable", "LastStable()", "v1 serves and is stable: no rollback is needed."),
        ("v1 excellent", "LastStable()", "InvalidData: statuses['v1']: unknown status"),
        (table, "Stable()", "TypeError: expected a strategy, such as LastStable(), not Stable"),
    ]
    (form,) = browser.find_elements(By.CLASS_NAME, "your-history")
    (bar,) = form.find_elements(By.CLASS_NAME, "run-bar")
    for history, strategy, words in cases:
        for name, value in (("history", history), ("strategy", strategy)):
            field = browser.find_element(By.ID, name)
            browser.execute_script("arguments[0].value = arguments[1]", field, value)
        printed = answer(browser, bar)
        if words not in printed:
            yield f"{strategy} on {history!r} is answered with {printed!r}, without {words!r}"


def try_all(browser: Chrome, base: str) -> Iterator[str]:
    """Open the pages, run what they have, and yield what is wrong."""
    for page in PAGES:
        show(browser, *WINDOWS["desktop"], "light")
        browser.get(base + page)
        Strict.asked.clear()
        browser.refresh()
        if early := of_python(Strict.asked):
            yield f"{page}: before the first click it asks for {early}"
        yield from run_page(browser, page)
        if not of_python(Strict.asked):
            yield f"{page}: Python was never asked for"
        if page == "playground.html":
            yield from run_changed(browser)
            yield from run_typed(browser)
            yield from run_histories(browser)
        for device in WINDOWS:
            show(browser, *WINDOWS[device], "light")
            yield from (f"{page}, {device}: {wrong}" for wrong in problems(browser, base))


def take_pictures(browser: Chrome, base: str, folder: Path) -> None:
    """Leave pictures of each page after its examples ran, in two widths, light and dark."""
    for page, (device, screen), scheme in product(PAGES, WINDOWS.items(), SCHEMES):
        show(browser, *screen, scheme)
        browser.get(base + page)
        for bar in browser.find_elements(By.CLASS_NAME, "run-bar")[:4]:
            _ = answer(browser, bar)
        for bar in browser.find_elements(By.CSS_SELECTOR, ".your-history .run-bar"):
            _ = answer(browser, bar)
        name = page.removesuffix(".html")
        picture(browser, folder / f"{name}-{device}-{scheme}.png", screen, scheme)


def main(folder: str, pictures: str | None = None) -> None:
    """Say all that is wrong, or how much was done."""
    site = Path(folder).resolve()
    if not (site / "_static/pyodide").is_dir():
        sys.exit(f"{folder} was built without Python for the browser: see docs/playground.md")
    with served(site) as base, chromium() as browser:
        wrong = [*try_all(browser, base)]
        if pictures:
            take_pictures(browser, base, Path(pictures))
    wrong += [f"another host was to be asked: {report}" for report in Strict.reports]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"the examples of {len(PAGES)} pages run in the browser, and no other host was asked")


if __name__ == "__main__":
    main(*sys.argv[1:])
